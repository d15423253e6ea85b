# odd order and spelling of options
n() { "$@"; echo "rc $? of $*"; }
n iptables -N c
n iptables -s 10.0.0.1 -A c -j DROP
n iptables -A c --src 10.0.0.2 --jump DROP
n iptables --append c --source 10.0.0.3/255.255.255.0 --jump DROP
n iptables -Ac -j DROP
n iptables -AINPUT -j DROP
n iptables -t filter -A c -p TCP --dpo 22 -j ACCEPT
n iptables -A c -p tcp --dport ssh -j ACCEPT
n iptables -A c --protocol=udp -j ACCEPT
n iptables -A c --protocol udp --dport=53 -j ACCEPT
n iptables -tmangle -A FORWARD -j ACCEPT
n iptables --table=raw -A PREROUTING -s 1.1.1.1 -j NOTRACK
n iptables -A c '' -j ACCEPT
n iptables -A '' -j ACCEPT
n iptables -N -bad
n iptables -N 'sp ace'
n iptables -N ACCEPT
n iptables -N INPUT
n iptables -N a-very-long-chain-name-of-thirty-two
n iptables -N exactly-twenty-nine-charactrs
n iptables -A c -s 10.3/16 -j DROP
n iptables -A c -s 0/0 -j DROP
n iptables -A c -s 0.0.0.0/0 -d 0.0.0.0/0 -j DROP
n iptables -A c -s localhost -j DROP
n iptables -A c -s 10.0.0.1,10.0.0.2 -j DROP
n iptables -C c -s 10.0.0.1,10.0.0.2 -j DROP
n iptables -D c -s 10.0.0.1,10.0.0.2 -j DROP
n iptables -A c ! -s 10.0.0.9 -j DROP
n iptables -A c -s ! 10.0.0.9 -j DROP
n iptables -A c ! ! -s 10.0.0.9 -j DROP
n iptables -A c -s 10.0.0.9 -j DROP !
n iptables -A c ! -i eth0 -j DROP
n iptables -A c -i eth+ -o a-name-that-is-too-long -j DROP
n iptables -A c -p 6 --dport 1:5 -j DROP
n iptables -A c -p tcp --dport 5:1 -j DROP
n iptables -A c -p tcp --sport :99 -j DROP
n iptables -A c -p tcp -m multiport --dports 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16 -j DROP
n iptables -A c -p tcp -m multiport --dports 1,2,3:4 -j DROP
n iptables -A c -p all -j DROP
n iptables -A c -p 0 -j DROP
n iptables -w -A c -s 10.9.0.1 -j DROP
n iptables -w 5 -A c -s 10.9.0.2 -j DROP
n iptables -A c -s 10.9.0.3 -j DROP -w
n iptables --wait=3 -A c -s 10.9.0.4 -j DROP
n iptables -w5 -A c -s 10.9.0.5 -j DROP
n iptables -W 100 -w -A c -s 10.9.0.6 -j DROP
n iptables -4 -A c -s 10.9.0.7 -j DROP
n iptables -6 -A c -s 10.9.0.8 -j DROP
n ip6tables -4 -A INPUT -s 10.9.0.8 -j DROP
n iptables -v -A c -s 10.9.0.9 -j DROP
n iptables -v -N vv
n iptables -v -F vv
n iptables -v -X vv
n iptables -v -D c 1
n iptables -V
n iptables -p tcp -h
n iptables -c 5 6 -A c -s 10.9.0.10 -j DROP
n iptables -A c --set-counters 7 8 -s 10.9.0.11 -j DROP
n iptables -A c -j DROP -j ACCEPT
n iptables -A c -g c
n iptables -A c -j
n iptables -I c 0 -j DROP
n iptables -I c 1 -s 10.8.0.1 -j DROP
n iptables -I c 2 -s 10.8.0.2 -j DROP
n iptables -I c 999 -s 10.8.0.3 -j DROP
n iptables -I c x -s 10.8.0.3 -j DROP
n iptables -R c 1 -s 10.8.0.1,10.8.0.5 -j DROP
n iptables -R c 1
n iptables -R c 1 -s 10.8.0.6 -j ACCEPT
n iptables -S c
