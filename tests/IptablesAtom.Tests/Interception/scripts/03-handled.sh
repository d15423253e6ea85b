# statuses that the script looks at
set -e
iptables -N x || iptables -F x
iptables -N x 2>/dev/null || iptables -F x
if iptables -C INPUT -p icmp -j ACCEPT 2>/dev/null; then echo there; else iptables -A INPUT -p icmp -j ACCEPT; fi
if iptables -C INPUT -p icmp -j ACCEPT 2>/dev/null; then echo there; else iptables -A INPUT -p icmp -j ACCEPT; fi
for i in 1 2 1 3 2 4; do
  iptables -C x -s 10.0.0.$i -j DROP 2>/dev/null || iptables -A x -s 10.0.0.$i -j DROP
done
while iptables -D x -s 10.0.0.1 -j DROP 2>/dev/null; do echo deleted; done
! iptables -C x -s 10.0.0.1 -j DROP || echo found
iptables -S x | sed 's/-A/-D/' | grep DROP | while read -r l; do iptables $l; done
(iptables -A x -j RETURN; exit 4) || echo "sub $?"
out=$(iptables -N x 2>&1) || echo "failed: $out"
iptables -N x
echo unreached
