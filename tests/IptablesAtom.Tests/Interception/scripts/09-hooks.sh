# what only the kernel judges: hooks, tables, loops
n() { "$@"; echo "rc $? of $*"; }
for c in a b c d; do iptables -N $c; iptables -t nat -N $c; iptables -t mangle -N $c; done
n iptables -A a -j b
n iptables -A b -j c
n iptables -A c -j a
n iptables -A INPUT -j a
n iptables -A c -j a
n iptables -A a -j a
n iptables -A d -g a
n iptables -A c -g d
n iptables -t nat -A a -j DNAT --to-destination 10.0.0.1
n iptables -t nat -A PREROUTING -j a
n iptables -t nat -A POSTROUTING -j a
n iptables -t nat -A b -j MASQUERADE
n iptables -t nat -A PREROUTING -j b
n iptables -t nat -A POSTROUTING -j b
n iptables -t nat -A a -j SNAT --to-source 10.0.0.1
n iptables -t nat -A c -p tcp -j REDIRECT --to-ports 80
n iptables -t nat -A POSTROUTING -j c
n iptables -t nat -A OUTPUT -j c
n iptables -t nat -A PREROUTING -p tcp --dport 80 -j DNAT --to-destination 10.0.0.1:8080
n iptables -t nat -A PREROUTING -p tcp --dport 81 -j DNAT --to-destination 10.0.0.2:8080
n iptables -t nat -A PREROUTING -p tcp --dport 82 -j DNAT --to-destination 10.0.0.2:99999
n iptables -t nat -A PREROUTING -j DNAT --to-destination 10.0.0.2:80
n iptables -t mangle -A a -j TTL --ttl-set 5
n iptables -t mangle -A FORWARD -j a
n iptables -A a -p tcp -j REJECT --reject-with tcp-reset
n iptables -A a -j REJECT --reject-with tcp-reset
n iptables -A d -m mac --mac-source 00:11:22:33:44:55 -j DROP
n iptables -A FORWARD -j d
n iptables -A OUTPUT -j d
n iptables -N e
n iptables -A e -j d
n iptables -A OUTPUT -j e
n iptables -A OUTPUT -m mac --mac-source 00:11:22:33:44:55 -j DROP
n iptables -A INPUT -m mac --mac-source 00:11:22:33:44:55 -j DROP
n iptables -A INPUT -m tcp --dport 22 -j DROP
n iptables -A INPUT ! -p tcp -m tcp --dport 22 -j DROP
n iptables -A INPUT -m multiport --dports 22 -j DROP
n iptables -A INPUT -p icmp -m multiport --dports 22 -j DROP
n iptables -A OUTPUT -m physdev --physdev-in eth0 -j DROP
n iptables -A INPUT -m addrtype --dst-type LOCAL -j ACCEPT
n iptables -t mangle -A PREROUTING -j MARK --set-mark 1
n iptables -A INPUT -j MARK --set-mark 1
n iptables -t raw -A PREROUTING -j CT --notrack
n iptables -A INPUT -j CT --notrack
n iptables -t mangle -A PREROUTING -p tcp -j TPROXY --on-port 1 --on-ip 127.0.0.1
n iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
n iptables -t mangle -A FORWARD -j TCPMSS --clamp-mss-to-pmtu
n iptables -A INPUT -m recent --name r --update --seconds 60 --hitcount 3 -j DROP
n iptables -A INPUT -m recent --name r --set
n iptables -A INPUT -m hashlimit --hashlimit-above 5/sec --hashlimit-mode srcip --hashlimit-name h -j DROP
n iptables -A INPUT -p icmp --icmp-type echo-request -m limit --limit 1/s -j ACCEPT
n iptables -A INPUT -p icmp --icmp-type nosuch -j ACCEPT
n iptables -A INPUT -m connlimit --connlimit-above 3 -j DROP
n iptables -A INPUT -m state --state NEW,ESTABLISHED -j ACCEPT
n iptables -A INPUT -m state --state FUNNY -j ACCEPT
n iptables -A INPUT -m conntrack --ctstate RELATED -j ACCEPT
n iptables -F
n iptables -X
n iptables -t nat -F; n iptables -t nat -X
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do iptables -N n$i; done
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19; do n iptables -A n$i -j n$((i + 1)); done
n iptables -A INPUT -j n1
