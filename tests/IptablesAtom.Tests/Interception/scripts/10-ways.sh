# ways to call a tool
IPT=/sbin/iptables
$IPT -N one
"$IPT" -A one -s 10.0.0.1 -j DROP
/usr/sbin/iptables -A one -s 10.0.0.2 -j DROP
command iptables -A one -s 10.0.0.3 -j DROP
eval iptables -A one -s 10.0.0.4 -j DROP
env iptables -A one -s 10.0.0.5 -j DROP
A=1 iptables -A one -s 10.0.0.6 -j DROP
\iptables -A one -s 10.0.0.7 -j DROP
nice iptables -A one -s 10.0.0.8 -j DROP
timeout 9 iptables -A one -s 10.0.0.9 -j DROP
sh -c 'iptables -A one -s 10.0.1.1 -j DROP'
bash -c 'iptables -A one -s 10.0.1.2 -j DROP; exit 5' || echo "rc $?"
printf '10.0.2.%d\n' 1 2 3 | xargs -n1 iptables -A one -j DROP -s
printf '10.0.3.%d\n' 1 2 3 | while read -r a; do iptables -A one -s $a -j DROP; done
find . -name script -exec iptables -A one -s 10.0.4.1 -j DROP \;
perl -e 'system("iptables","-A","one","-s","10.0.5.1","-j","DROP"); print $?>>8, "\n"'
python3 -c 'import subprocess as s; print(s.run(["iptables","-A","one","-s","10.0.6.1","-j","DROP"]).returncode, s.run("iptables -N one",shell=True,stderr=s.PIPE).stderr)'
iptables-nft -A INPUT -s 10.0.7.1 -j DROP
iptables-legacy -A INPUT -s 10.0.7.2 -j DROP
xtables-nft-multi iptables -A INPUT -s 10.0.7.3 -j DROP
xtables-legacy-multi iptables -A INPUT -s 10.0.7.4 -j DROP
(iptables -A one -s 10.0.8.1 -j DROP; exec iptables -A one -s 10.0.8.2 -j DROP)
iptables -A one -s 10.0.9.1 -j DROP & wait
f() { iptables "$@" -j DROP; }
f -A one -s 10.0.9.2
for x in iptables ip6tables; do $x -A INPUT -p tcp --dport 80 -j ACCEPT; done
unshare -n iptables -A INPUT -s 10.0.10.1 -j DROP; echo "other namespace $?"
iptables -A one -s 10.0.11.1 -j NOPE 2>/dev/null
iptables -A one -s 10.0.11.1 -j NOPE 2>&1 | cat
iptables -N one 2>&-
exec 3>&1; iptables -N one 2>&3
iptables -N one >/dev/null 2>/dev/stdout
