# ip6tables: addresses in several spellings, ICMPv6, wrong family
n() { "$@"; echo "rc $?"; }
n ip6tables -N c
n ip6tables -A c -s 2001:db8:0:0:0:0:0:1 -j DROP
n ip6tables -C c -s 2001:db8::1 -j DROP
n ip6tables -C c -s 2001:db8::2 -j DROP
n ip6tables -D c -s 2001:DB8::1/128 -j DROP
n ip6tables -A c -s 10.0.0.1 -j DROP
n iptables -A INPUT -s 2001:db8::1 -j DROP
n ip6tables -A c -p icmpv6 --icmpv6-type echo-request -j ACCEPT
n ip6tables -A c -p ipv6-icmp --icmpv6-type 135 -j ACCEPT
n ip6tables -A c -p icmp -j ACCEPT
n ip6tables -A c -s ::ffff:1.2.3.4 -j DROP
n ip6tables -A c -s ::/0 -j DROP
n ip6tables -A c -s fe80::1%lo -j DROP
n ip6tables -A c -j REJECT --reject-with icmp6-adm-prohibited
n ip6tables -A c -j REJECT --reject-with icmp-host-prohibited
n ip6tables -A INPUT -j c
n ip6tables -P FORWARD DROP
n ip6tables -t nat -A POSTROUTING -s fd00::/8 -j MASQUERADE
n ip6tables -S c
