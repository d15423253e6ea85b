# arptables, ebtables and nft in between
iptables -N c
iptables -A c -s 10.0.0.1 -j DROP
arptables-nft -A INPUT -s 10.0.0.1 -j DROP
iptables -A c -s 10.0.0.2 -j DROP
ebtables-nft -A FORWARD -p ARP -j DROP
iptables -A c -s 10.0.0.3 -j DROP
nft add table inet mine
nft list tables
iptables -A c -s 10.0.0.4 -j DROP
iptables -S c
