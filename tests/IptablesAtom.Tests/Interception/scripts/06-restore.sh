# restore here-documents in the middle
iptables -N one
iptables -A one -s 10.0.0.1 -j DROP
iptables-restore -n <<E
*filter
:two - [0:0]
-A two -s 10.0.0.2 -j DROP
-A one -j two
COMMIT
E
iptables -A two -s 10.0.0.3 -j DROP
iptables -A one -s 10.0.0.4 -j DROP
iptables-restore -n <<E
*filter
-A one -s 10.0.0.4 -j NOPE
COMMIT
E
echo "rc $?"
iptables -D one -s 10.0.0.4 -j DROP
iptables-save | sed 's/10.0.0.3/10.0.0.33/' | iptables-restore
iptables -A two -s 10.0.0.5 -j DROP
iptables-save -c | grep -c two
ip6tables-save > x6; ip6tables -A INPUT -s ::1 -j ACCEPT; ip6tables-restore < x6; ip6tables -A INPUT -s ::2 -j ACCEPT
