namespace IptablesAtom.Planning;

/// <summary>The well-known programs that put rules of their own beside ours.</summary>
internal static class ForeignPresets
{
    internal static readonly ForeignProgram[] All =
    [
        new("Docker")
        {
            Chains = ["DOCKER", "DOCKER-*", "DOCKER_*"],
            Interfaces = ["docker0", "docker_gwbridge", "br-????????????"],
            Tables = ["docker-bridges"],
            Unmarked = UnmarkedRules.IsHairpinMasquerade,
        },
        new("Kubernetes")
        {
            Chains = ["KUBE-*", "CNI-*", "CNI_*", "WEAVE", "WEAVE-*", "ANTREA-*", "OVN-KUBE-*"],
            Sets = ["KUBE-*", "weave-*", "ANTREA-*"],
            Interfaces = ["cni0", "kube-ipvs0", "kube-bridge", "weave", "nodelocaldns"],
            Comments = ["kubernetes *", "*NodeLocal DNS Cache*", "*kube-router*"],
            Tables = ["kube-proxy", "cni", "cni_hostport", "kube-router*"],
        },
        new("Calico")
        {
            Chains = ["cali-*", "felix-*", "califw-*"],
            Sets = ["cali40*", "cali60*", "cali4*", "cali6*", "felix-*"],
            Interfaces = ["cali*", "vxlan.calico", "tunl0"],
            Comments = ["cali:*"],
            Tables = ["calico"],
        },
        new("Cilium")
        {
            Chains = ["CILIUM_*", "OLD_CILIUM_*"],
            Sets = ["cilium_*", "cilium-*"],
            Interfaces = ["cilium_*", "lxc_health"],
            Comments = ["cilium*"],
        },
        new("Flannel")
        {
            Chains = ["FLANNEL-*"],
            Interfaces = ["flannel.*", "flannel-*", "flannel0"],
            Comments = ["flanneld *"],
            Tables = ["flannel-*"],
        },
        new("libvirt")
        {
            Chains =
            [
                "LIBVIRT_*", "FI-vnet*", "FO-vnet*", "HI-vnet*", "FI-macvtap*",
                "libvirt-in*", "libvirt-out*", "libvirt-host-in", "libvirt-?-*",
            ],
            MoreChains = ["I-vnet*", "O-vnet*", "I-*-mac", "O-*-mac"],
            Interfaces = ["virbr*", "vnet*"],
            OnHost = true,
            Tables = ["libvirt_network"],
        },
        new("fail2ban")
        {
            Chains = ["f2b-*", "fail2ban-*"],
            Sets = ["f2b-*", "fail2ban-*"],
            Tables = ["f2b-table", "f2b-*"],
        },
        new("firewalld")
        {
            Chains =
            [
                "*_ZONES", "*_ZONES_SOURCE", "*_ZONES_IFACES", "*_POLICIES_pre", "*_POLICIES_post",
                "INPUT_direct", "OUTPUT_direct", "FORWARD_direct", "PREROUTING_direct", "POSTROUTING_direct", "FWDI_public*", "IN_public*",
            ],
            MoreChains = ["IN_*", "OUT_*", "FWDI_*", "FWDO_*", "FWD_*", "PRE_*", "POST_*", "INPUT_rpfilter", "FORWARD_IN_ZONES*", "FORWARD_OUT_ZONES*"],
            Tables = ["firewalld", "firewalld_*"],
        },
        new("ufw") { Chains = ["ufw-*", "ufw6-*"] },
        new("Tailscale") { Chains = ["ts-*"], Interfaces = ["tailscale*"] },
        new("Podman")
        {
            Chains = ["NETAVARK*"],
            Interfaces = ["podman*", "cni-podman*"],
            Tables = ["netavark"],
        },
        new("LXD")
        {
            Chains = ["lxd_*", "incus_*"],
            Interfaces = ["lxdbr*", "incusbr*", "lxcbr*"],
            OnHost = true,
            Comments = ["generated for LXD *", "generated for Incus *", "managed by lxd*"],
            Tables = ["lxd", "incus", "lxc"],
        },
        new("CrowdSec")
        {
            Chains = ["CROWDSEC*", "crowdsec*"],
            Sets = ["crowdsec*"],
            Comments = ["CrowdSec*"],
            Tables = ["crowdsec", "crowdsec6"],
        },
        new("sshguard")
        {
            Chains = ["sshguard"],
            Sets = ["sshguard4", "sshguard6"],
            Tables = ["sshguard"],
        },
        new("wg-quick") { Comments = ["wg-quick(8) rule for *"], Tables = ["wg-quick-*"] },
        new("NetworkManager") { Chains = ["nm-sh-*"], Comments = ["nm-shared-*"], Tables = ["nm-shared-*", "nm-ovpn-*"] },
        new("miniupnpd") { Chains = ["MINIUPNPD*"] },
    ];
}
