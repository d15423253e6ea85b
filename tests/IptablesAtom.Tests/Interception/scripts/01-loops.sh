# loops and interleaved tables
iptables -F
iptables -P INPUT DROP
iptables -N web
for i in 1 2 3 4 5 6 7 8; do
  iptables -A INPUT -s 10.0.$i.0/24 -j ACCEPT
  iptables -A web -p tcp --dport $((8000 + i)) -m comment --comment "web $i" -j RETURN
  iptables -t nat -A PREROUTING -p tcp --dport $i -j DNAT --to-destination 10.0.0.$i:80
  ip6tables -A FORWARD -s 2001:db8:$i::/48 -j DROP
done
iptables -A INPUT -j web
iptables -I INPUT 3 -p udp --dport 53 -j ACCEPT
iptables -D INPUT 1
iptables -S INPUT
