# shim only: an exit trap, command -v, functions of the tool's name, a PATH without tools
trap 'iptables -A c -s 10.9.9.9 -j DROP; echo trapped' EXIT
iptables -N c
p=$(command -v iptables); echo "$p"; [ -x "$p" ] && "$p" -A c -s 10.0.0.1 -j DROP
iptables() { command iptables "$@" -j ACCEPT; }
iptables -A c -s 10.0.0.2
unset -f iptables
iptables -A c -s 10.0.0.3 -j DROP
(PATH=/nonexistent; iptables -A c -s 10.0.0.4 -j DROP; echo "rc $?")
env -i /sbin/iptables -A c -s 10.0.0.5 -j DROP
sudo -n iptables -A c -s 10.0.0.6 -j DROP
sudo -n -u nobody iptables -A c -s 10.0.0.7 -j DROP; echo "rc $?"
