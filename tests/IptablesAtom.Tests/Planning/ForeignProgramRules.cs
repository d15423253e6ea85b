namespace IptablesAtom.Tests.Planning;

/// <summary>Rule sets in the shape in which the well-known programs write them, one for each preset of a first run.</summary>
/// <param name="Program">Its name.</param>
/// <param name="Filter">Lines of its filter table: chains as <c>:NAME</c>, rules as <c>-A</c>.</param>
/// <param name="Nat">Lines of its nat table.</param>
/// <param name="Sets">Commands that make the ipsets which they name.</param>
/// <param name="Native">A native nft table of its own, or empty.</param>
internal sealed record ForeignProgramRules(string Program, string[] Filter, string[] Nat, string Sets = "", string Native = "")
{
    internal static readonly ForeignProgramRules[] All =
    [
        new(
            "Docker",
            [
                ":DOCKER", ":DOCKER-USER", ":DOCKER-FORWARD", ":DOCKER-BRIDGE", ":DOCKER-CT",
                "-A FORWARD -j DOCKER-USER", "-A FORWARD -j DOCKER-FORWARD", "-A DOCKER ! -i docker0 -o docker0 -j DROP",
                "-A DOCKER-BRIDGE -o docker0 -j DOCKER", "-A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
                "-A DOCKER-FORWARD -j DOCKER-CT", "-A DOCKER-FORWARD -j DOCKER-BRIDGE", "-A DOCKER-FORWARD -i docker0 -j ACCEPT",
            ],
            [
                ":DOCKER", "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER", "-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER",
                "-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
            ]),
        new(
            "kube-proxy",
            [
                ":KUBE-EXTERNAL-SERVICES", ":KUBE-FIREWALL", ":KUBE-FORWARD", ":KUBE-NODEPORTS", ":KUBE-SERVICES", ":KUBE-PROXY-FIREWALL",
                "-A INPUT -m conntrack --ctstate NEW -m comment --comment \"kubernetes load balancer firewall\" -j KUBE-PROXY-FIREWALL",
                "-A INPUT -m comment --comment \"kubernetes health check service ports\" -j KUBE-NODEPORTS",
                "-A INPUT -j KUBE-FIREWALL", "-A FORWARD -m comment --comment \"kubernetes forwarding rules\" -j KUBE-FORWARD",
                "-A OUTPUT -m conntrack --ctstate NEW -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES", "-A OUTPUT -j KUBE-FIREWALL",
                "-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment \"block incoming localnet connections\" -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP",
                "-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP",
            ],
            [
                ":KUBE-SERVICES", ":KUBE-MARK-MASQ", ":KUBE-POSTROUTING", ":KUBE-SVC-NPX46M4PTMTKRN6Y", ":KUBE-SEP-23Y66C2VAJ3WDEMI",
                "-A PREROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
                "-A OUTPUT -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
                "-A POSTROUTING -m comment --comment \"kubernetes postrouting rules\" -j KUBE-POSTROUTING",
                "-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000",
                "-A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment \"default/kubernetes:https cluster IP\" -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y",
                "-A KUBE-SVC-NPX46M4PTMTKRN6Y -j KUBE-SEP-23Y66C2VAJ3WDEMI",
                "-A KUBE-SEP-23Y66C2VAJ3WDEMI -p tcp -m tcp -j DNAT --to-destination 192.0.2.10:6443",
            ],
            Native: "add table ip kube-proxy; add chain ip kube-proxy filter-input { type filter hook input priority -110; }"),
        new(
            "Calico",
            [
                ":cali-INPUT", ":cali-FORWARD", ":cali-OUTPUT", ":cali-wl-to-host", ":cali-to-wl-dispatch",
                "-A INPUT -m comment --comment \"cali:Cz_u1IQiXIMmKD4c\" -j cali-INPUT",
                "-A FORWARD -m comment --comment \"cali:wUHhoiAYhphO9Mso\" -j cali-FORWARD",
                "-A FORWARD -m comment --comment \"cali:S93hcgKJrXEqnTfs\" -m mark --mark 0x10000/0x10000 -j ACCEPT",
                "-A OUTPUT -m comment --comment \"cali:tVnHkvAo15HuiPy0\" -j cali-OUTPUT",
                "-A cali-INPUT -i cali+ -m comment --comment \"cali:FewJpBykm9iJ-YNH\" -g cali-wl-to-host",
            ],
            [
                ":cali-POSTROUTING", ":cali-nat-outgoing", "-A POSTROUTING -m comment --comment \"cali:O3lYWMrLQYEMJtB5\" -j cali-POSTROUTING",
                "-A cali-POSTROUTING -j cali-nat-outgoing",
                "-A cali-nat-outgoing -m set --match-set cali40masq-ipam-pools src -m set ! --match-set cali40all-ipam-pools dst -j MASQUERADE",
            ],
            "ipset create cali40masq-ipam-pools hash:net; ipset create cali40all-ipam-pools hash:net; ipset create cali40this-host hash:ip"),
        new(
            "Cilium",
            [
                ":CILIUM_INPUT", ":CILIUM_FORWARD", ":CILIUM_OUTPUT",
                "-A INPUT -m comment --comment \"cilium-feeder: CILIUM_INPUT\" -j CILIUM_INPUT",
                "-A FORWARD -m comment --comment \"cilium-feeder: CILIUM_FORWARD\" -j CILIUM_FORWARD",
                "-A OUTPUT -m comment --comment \"cilium-feeder: CILIUM_OUTPUT\" -j CILIUM_OUTPUT",
                "-A CILIUM_FORWARD -o cilium_host -m comment --comment \"cilium: any->cluster on cilium_host forward accept\" -j ACCEPT",
            ],
            [
                ":CILIUM_POST_nat", "-A POSTROUTING -m comment --comment \"cilium-feeder: CILIUM_POST_nat\" -j CILIUM_POST_nat",
                "-A CILIUM_POST_nat -m set --match-set cilium_node_set_v4 dst -m comment --comment \"exclude traffic to cluster nodes from masquerade\" -j ACCEPT",
            ],
            "ipset create cilium_node_set_v4 hash:ip"),
        new(
            "Flannel",
            [
                ":FLANNEL-FWD", "-A FORWARD -m comment --comment \"flanneld forward\" -j FLANNEL-FWD",
                "-A FLANNEL-FWD -s 10.244.0.0/16 -m comment --comment \"flanneld forward\" -j ACCEPT",
            ],
            [
                ":FLANNEL-POSTRTG", "-A POSTROUTING -m comment --comment \"flanneld masq\" -j FLANNEL-POSTRTG",
                "-A FLANNEL-POSTRTG -s 10.244.0.0/16 -d 10.244.0.0/16 -m comment --comment \"flanneld masq\" -j RETURN",
            ],
            Native: "add table ip flannel-ipv4; add chain ip flannel-ipv4 postrtg { type nat hook postrouting priority 100; }"),
        new(
            "libvirt",
            [
                ":LIBVIRT_INP", ":LIBVIRT_OUT", ":LIBVIRT_FWO", ":LIBVIRT_FWI", ":LIBVIRT_FWX", "-A INPUT -j LIBVIRT_INP", "-A FORWARD -j LIBVIRT_FWX", "-A FORWARD -j LIBVIRT_FWI",
                "-A FORWARD -j LIBVIRT_FWO", "-A OUTPUT -j LIBVIRT_OUT", "-A LIBVIRT_INP -i virbr0 -p udp -m udp --dport 53 -j ACCEPT",
                "-A LIBVIRT_FWI -o virbr0 -j REJECT --reject-with icmp-port-unreachable",
            ],
            [":LIBVIRT_PRT", "-A POSTROUTING -j LIBVIRT_PRT", "-A LIBVIRT_PRT -s 192.168.122.0/24 ! -d 192.168.122.0/24 -j MASQUERADE"],
            Native: "add table ip libvirt_network; add chain ip libvirt_network forward { type filter hook forward priority 0; }"),
        new(
            "fail2ban",
            [
                ":f2b-sshd", "-A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd", "-A INPUT -p tcp -m multiport --dports 80,443 -m set --match-set f2b-nginx src -j REJECT --reject-with icmp-port-unreachable",
                "-A f2b-sshd -s 203.0.113.7/32 -j REJECT --reject-with icmp-port-unreachable", "-A f2b-sshd -j RETURN",
            ],
            [],
            "ipset create f2b-nginx hash:ip timeout 600",
            "add table inet f2b-table; add chain inet f2b-table f2b-chain { type filter hook input priority -1; }"),
        new(
            "firewalld",
            [
                ":INPUT_direct", ":INPUT_ZONES", ":IN_public", ":IN_public_allow", "-A INPUT -j INPUT_direct", "-A INPUT -j INPUT_ZONES",
                "-A INPUT_ZONES -g IN_public", "-A IN_public -j IN_public_allow", "-A IN_public_allow -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -j ACCEPT",
            ],
            [],
            Native: "add table inet firewalld; add chain inet firewalld filter_INPUT { type filter hook input priority 10; }"),
        new(
            "ufw",
            [
                ":ufw-before-input", ":ufw-user-input", ":ufw-after-input", "-A INPUT -j ufw-before-input", "-A INPUT -j ufw-after-input",
                "-A ufw-before-input -i lo -j ACCEPT", "-A ufw-before-input -j ufw-user-input", "-A ufw-user-input -p tcp -m tcp --dport 22 -j ACCEPT",
            ],
            []),
        new(
            "Tailscale",
            [
                ":ts-input", ":ts-forward", "-A INPUT -j ts-input", "-A FORWARD -j ts-forward", "-A ts-input -s 100.115.92.0/23 ! -i tailscale0 -j RETURN",
                "-A ts-forward -i tailscale0 -j MARK --set-xmark 0x40000/0xff0000", "-A ts-forward -o tailscale0 -j ACCEPT",
            ],
            [":ts-postrouting", "-A POSTROUTING -j ts-postrouting", "-A ts-postrouting -m mark --mark 0x40000/0xff0000 -j MASQUERADE"]),
        new(
            "netavark",
            [
                ":NETAVARK_FORWARD", ":NETAVARK_INPUT", "-A INPUT -m comment --comment \"netavark firewall rules\" -j NETAVARK_INPUT",
                "-A FORWARD -m comment --comment \"netavark firewall rules\" -j NETAVARK_FORWARD", "-A NETAVARK_FORWARD -s 10.88.0.0/16 -j ACCEPT",
            ],
            [
                ":NETAVARK-1D8721804F16F", ":NETAVARK-HOSTPORT-DNAT", "-A PREROUTING -m addrtype --dst-type LOCAL -j NETAVARK-HOSTPORT-DNAT",
                "-A POSTROUTING -s 10.88.0.0/16 -j NETAVARK-1D8721804F16F", "-A NETAVARK-1D8721804F16F ! -d 224.0.0.0/4 -j MASQUERADE",
            ],
            Native: "add table inet netavark; add chain inet netavark FORWARD { type filter hook forward priority 0; }"),
        new(
            "LXD",
            [
                "-A INPUT -i lxdbr0 -p udp -m udp --dport 67 -m comment --comment \"generated for LXD network lxdbr0\" -j ACCEPT",
                "-A FORWARD -o lxdbr0 -m comment --comment \"generated for LXD network lxdbr0\" -j ACCEPT",
            ],
            ["-A POSTROUTING -s 10.158.0.0/24 ! -d 10.158.0.0/24 -m comment --comment \"generated for LXD network lxdbr0\" -j MASQUERADE"],
            Native: "add table inet lxd; add chain inet lxd in.lxdbr0 { type filter hook input priority 0; }"),
        new(
            "CrowdSec",
            [
                ":CROWDSEC_CHAIN", "-A INPUT -j CROWDSEC_CHAIN",
                "-A CROWDSEC_CHAIN -m set --match-set crowdsec-blacklists-0 src -m comment --comment \"CrowdSec: crowdsec\" -j DROP",
            ],
            [],
            "ipset create crowdsec-blacklists-0 hash:net timeout 300",
            "add table ip crowdsec; add chain ip crowdsec crowdsec-chain-input { type filter hook input priority -10; }"),
        new(
            "sshguard",
            [":sshguard", "-A INPUT -p tcp -m tcp --dport 22 -j sshguard", "-A sshguard -s 203.0.113.9/32 -j DROP"],
            [],
            Native: "add table ip sshguard; add chain ip sshguard blacklist { type filter hook input priority -10; }"),
    ];

    public override string ToString() => Program;
}
