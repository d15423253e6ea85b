# failing calls of every kind, statuses seen
n() { "$@"; echo "rc $? of $*"; }
n iptables -N a
n iptables -N a
n iptables -A a -p tcp --dport 99999 -j ACCEPT
n iptables -A a -s 1.2.3.400 -j ACCEPT
n iptables -A nochain -j ACCEPT
n iptables -A a -j nochain
n iptables -A INPUT -o eth0 -j ACCEPT
n iptables -A INPUT -p tcp --dport 22 -j ACCEPT
n iptables -A INPUT --dport 22 -j ACCEPT
n iptables -A INPUT -m tcp --dport 22 -j ACCEPT
n iptables -A INPUT -m owner --uid-owner 0 -j ACCEPT
n iptables -A OUTPUT -m owner --uid-owner 0 -j ACCEPT
n iptables -A INPUT -j DNAT --to-destination 1.2.3.4
n iptables -t nat -A PREROUTING -j REJECT
n iptables -t nat -A PREROUTING -j DROP
n iptables -A INPUT -m limit --limit 5/s --limit-burst 0 -j ACCEPT
n iptables
n iptables -A a -D a
n iptables -t nonsense -A INPUT -j ACCEPT
n iptables -P INPUT REJECT
n iptables -P a DROP
n iptables -A a -m nomatch -j ACCEPT
n iptables -A a -m set --match-set nosuch src -j DROP
n iptables -X a
n iptables -D a 5
n iptables -C a -s 9.9.9.9 -j DROP
n iptables -D a -s 9.9.9.9 -j DROP
n iptables -A a -s 9.9.9.9 -j DROP
n iptables -C a -s 9.9.9.9 -j DROP
n iptables -C a -s 9.9.9.8 -j DROP
n iptables -D a -s 9.9.9.8 -j DROP
n iptables -E a b
n iptables -E nope c
n iptables -F nope
n iptables -I a 7 -j ACCEPT
n iptables -R b 1 -s 8.8.8.8 -j ACCEPT
n iptables -R b 4 -s 8.8.8.8 -j ACCEPT
n iptables -Z
n iptables -Z b 1
n iptables -X b
n iptables -F b
n iptables -X b
