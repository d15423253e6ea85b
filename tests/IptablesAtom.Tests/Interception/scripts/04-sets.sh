# ipset together with rules
ipset create bad hash:ip
ipset create net4 hash:net family inet hashsize 1024 maxelem 65536
for i in 1 2 3 4 5; do ipset add bad 192.0.2.$i; ipset -A net4 198.51.$i.0/24; done
ipset add bad 192.0.2.3; echo "dup $?"
ipset add bad 192.0.2.3 -exist; echo "exist $?"
ipset -! add bad 192.0.2.3; echo "bang $?"
ipset del bad 192.0.2.99; echo "nodel $?"
ipset create bad hash:ip; echo "create again $?"
ipset add nosuch 1.2.3.4; echo "no set $?"
ipset create odd hash:nosuch; echo "no type $?"
iptables -A INPUT -m set --match-set bad src -j DROP
iptables -A INPUT -m set --match-set bad src -p tcp -j DROP
iptables -A INPUT -m set --match-set net4 src,dst -j DROP
ipset destroy bad; echo "in use $?"
ipset create tmp hash:ip
ipset add tmp 203.0.113.7
ipset swap tmp bad
ipset destroy tmp
ipset test bad 203.0.113.7
ipset test bad 203.0.113.8; echo "test $?"
iptables -F INPUT
ipset destroy bad; echo "gone $?"
ipset rename net4 other
ipset create l list:set
ipset add l other
ipset list -n
ipset flush other
ipset -q add nosuch 1.1.1.1; echo "quiet $?"
ipset create c hash:ip comment
ipset add c 10.0.0.1 comment "two words"
ipset add c 10.0.0.2 comment ''
