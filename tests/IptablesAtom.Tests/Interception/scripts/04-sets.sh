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
ipset create odd hash:nosuch; echo "no kind $?"
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
# nothing of a line that was refused half read is left for the next
ipset add c 10.0.0.3 comment words nonsense; echo "unread $?"
ipset add c 10.0.0.4
ipset create d hash:net family inet6 maxelem 77 nonsense; echo "unread $?"
ipset create d hash:net
ipset create d hash:ip,port; echo "there $?"
ipset add d 10.0.0.0/33; echo "prefix $?"
ipset add d 10.0.0.0/24
ipset create p bitmap:port range 1-5
ipset add p 6; echo "range $?"
ipset add p 5
for i in 1 2 3 4 5 6; do ipset add nosuch 10.0.0.$i; ipset destroy nosuch; ipset del d 10.9.0.0/24; ipset add d 10.$i.0.0/16; done
# a name that another kind of set has now
ipset -exist create e hash:ip,port,ip
ipset -exist add e 10.0.0.1,tcp:80,10.0.0.2
ipset destroy e; ipset create e hash:ip,port
ipset -exist add e 10.0.0.1,tcp:80,10.0.0.2; echo "other kind $?"
ipset -exist add e 10.0.0.1,tcp:80
ipset -q destroy e; ipset create e hash:ip,port,ip
ipset -exist add e 10.0.0.1,tcp:80,10.0.0.3; ipset add e 10.0.0.1,tcp:80; echo "other kind again $?"
ipset create f hash:ip; ipset add f 10.0.0.9; ipset -exist add f 10.0.0.9
ipset swap e f; ipset -exist add e 10.0.0.10; ipset -exist add f 10.0.0.1,tcp:80,10.0.0.4
