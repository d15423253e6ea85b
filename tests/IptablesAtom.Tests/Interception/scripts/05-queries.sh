# listings between changes, deletion by listing
for i in 1 2 3 4 5 6; do iptables -A FORWARD -s 172.16.$i.0/24 -j ACCEPT; iptables -L FORWARD -n --line-numbers | tail -1; done
iptables -nvL FORWARD -x
iptables -S FORWARD 2
iptables -L FORWARD 3
iptables-save | grep -c FORWARD
iptables -S FORWARD | grep '172.16.[24]' | sed 's/^-A/-D/' | while read -r rule; do iptables $rule; done
iptables -S | wc -l
while iptables -D FORWARD 1 2>/dev/null; do echo one; done
iptables -L FORWARD -n
iptables-save -t filter | grep -v '^#' | sed 's/\[.*//'
