namespace IptablesAtom.Tests.Nft;

/// <summary>A script that uses most of what iptables, ip6tables, arptables and ebtables can say here.</summary>
internal static class NftCorpus
{
    internal const string Rules =
        """
        set -e
        ipset create blocked hash:net; ipset create log hash:ip
        i=iptables-nft; j=ip6tables-nft
        $i -P INPUT DROP; $i -P FORWARD DROP
        $i -N ssh; $i -N never; $i -A ssh -m recent --name ssh --set
        $i -A ssh -m recent --name ssh --update --seconds 60 --hitcount 4 -j DROP
        $i -A ssh -j ACCEPT
        $i -A INPUT -i lo -j ACCEPT
        $i -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
        $i -A INPUT -p tcp --dport 22 -m conntrack --ctstate NEW -g ssh
        $i -A INPUT -p tcp -m multiport --dports 80,443,8000:8100 -m comment --comment "web server" -j ACCEPT
        $i -A INPUT -p udp -m udp --sport 53 -m hashlimit --hashlimit-name dns --hashlimit-upto 5/sec --hashlimit-burst 10 --hashlimit-mode srcip -j ACCEPT
        $i -A INPUT -m set --match-set blocked src -j DROP
        $i -A INPUT ! -p tcp -m set ! --match-set blocked src,dst -m limit --limit 3/min -j LOG --log-prefix "not blocked "
        $i -A INPUT -p icmp --icmp-type echo-request -m limit --limit 1/s -j ACCEPT
        $i -A INPUT -s 10.0.0.0/8 -d 192.0.2.1 -p tcp --tcp-flags SYN,RST SYN -m length --length 40:100 -m ttl --ttl-gt 3 -j RETURN
        $i -A INPUT -j SET --add-set log src --exist
        $i -A INPUT -m statistic --mode nth --every 3 --packet 1 -j MARK --set-xmark 0x1/0xff
        $i -A INPUT -m string --string abc --algo bm -m time --timestart 08:00 --timestop 17:00 --weekdays Mon,Tue -j REJECT --reject-with tcp-reset -p tcp
        $i -A FORWARD -m physdev --physdev-in eth7 -m mac --mac-source 00:11:22:33:44:55 -j ACCEPT
        $i -A FORWARD -m iprange --src-range 10.0.0.1-10.0.0.9 -m mark --mark 0x2/0x3 -m connmark ! --mark 7 -j NFLOG --nflog-group 3
        $i -A FORWARD -m addrtype --dst-type LOCAL -m quota --quota 1000000 -m connlimit --connlimit-above 5 -j DROP
        $i -A OUTPUT -m owner --uid-owner 0 -m dscp --dscp 0x12 -j ACCEPT
        $i -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 10.0.0.5:80
        $i -t nat -A PREROUTING -p tcp --dport 8081 -j REDIRECT --to-ports 81
        $i -t nat -A POSTROUTING -o eth9 -j MASQUERADE --random
        $i -t nat -A POSTROUTING -s 10.1.0.0/16 -j SNAT --to-source 192.0.2.9
        $i -t nat -A POSTROUTING -s 10.2.0.0/16 -j NETMAP --to 10.3.0.0/16
        $i -t mangle -A PREROUTING -p tcp -m tcp --dport 99 -j TPROXY --on-port 50080 --tproxy-mark 0x1/0x1
        $i -t mangle -A PREROUTING -j CONNMARK --restore-mark
        $i -t mangle -A POSTROUTING -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
        $i -t mangle -A FORWARD -j DSCP --set-dscp 10
        $i -t mangle -A FORWARD -j TTL --ttl-set 64
        $i -t mangle -A POSTROUTING -j CLASSIFY --set-class 1:10
        $i -t raw -A PREROUTING -p udp --dport 53 -j CT --notrack
        $i -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp || true
        $i -t raw -A OUTPUT -p sctp -m sctp --dport 9 -j NFQUEUE --queue-num 4 --queue-bypass
        $i -t security -A INPUT -m u32 --u32 "0>>22&0x3C@0>>24=0" -j ACCEPT
        $j -P INPUT DROP
        $j -A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type neighbor-solicitation -j ACCEPT
        $j -A INPUT -m rt --rt-type 0 -j DROP
        $j -A INPUT -m frag --fragid 1:5 -m hl --hl-lt 3 -j DROP
        $j -A INPUT -p tcp -m multiport --ports 1,2 -m eui64 -j REJECT --reject-with icmp6-adm-prohibited
        $j -A INPUT -m ipv6header --header hop-by-hop --soft -m dst --dst-len 8 -j ACCEPT
        $j -A INPUT -s 2001:db8::/32 ! -i eth+ -m conntrack --ctstate INVALID -j DROP
        $j -t nat -A POSTROUTING -s fd00::/8 -j MASQUERADE
        $j -t mangle -A PREROUTING -m cluster --cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed 5 -j MARK --set-mark 3
        arptables-nft -A INPUT -s 10.0.0.1 --source-mac 00:11:22:33:44:55 -j DROP
        arptables-nft -A OUTPUT -o eth0 -j mangle --mangle-ip-s 10.0.0.7
        ebtables-nft -P FORWARD DROP
        ebtables-nft -N among
        ebtables-nft -A FORWARD -p IPv4 --ip-proto tcp --ip-dport 22 -j ACCEPT
        ebtables-nft -A FORWARD --among-src 00:11:22:33:44:55=10.0.0.1,00:11:22:33:44:66=10.0.0.2 -j among
        ebtables-nft -A FORWARD --among-dst ! 00:11:22:33:44:77,00:11:22:33:44:88 -j DROP
        ebtables-nft -A among -p ARP --arp-opcode Request -j mark --mark-set 4 --mark-target CONTINUE
        ebtables-nft -A FORWARD --pkttype-type multicast --limit 5/sec -j ACCEPT
        ebtables-nft -t nat -A PREROUTING -p IPv4 -j dnat --to-dst 00:11:22:33:44:99 --dnat-target ACCEPT
        """;
}
