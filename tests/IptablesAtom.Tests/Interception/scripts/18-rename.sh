# chains: rename, delete, policies, zeroing, -X of all
n() { "$@"; echo "rc $?"; }
n iptables -N a; n iptables -N b; n iptables -N c
n iptables -A a -j b
n iptables -X b
n iptables -E b bb
n iptables -A bb -j c
n iptables -E a INPUT
n iptables -E INPUT a
n iptables -E bb c
n iptables -A b -j ACCEPT
n iptables -A bb -j ACCEPT
n iptables -X
n iptables -F a
n iptables -X bb
n iptables -F bb
n iptables -X bb
n iptables -X c
n iptables --new-chain d
n iptables --append INPUT --jump d
n iptables --delete-chain d
n iptables --flush
n iptables --delete-chain d
n iptables --policy FORWARD DROP
n iptables -P OUTPUT DROP; n iptables -P OUTPUT ACCEPT
n iptables -t nat -P PREROUTING DROP
n iptables -t nat -P PREROUTING ACCEPT
n iptables -P FORWARD drop
n iptables -Z FORWARD
n iptables -L FORWARD -Z
n iptables -S
n ip6tables -N one; n ip6tables -A OUTPUT -j one
n ip6tables -E OUTPUT PREROUTING
n ip6tables -N PREROUTING
n ip6tables -A PREROUTING -j DROP
n ip6tables -A one -j DROP
n ip6tables -S
