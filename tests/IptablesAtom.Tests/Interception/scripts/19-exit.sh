# an exit trap that calls the tool, at the end and by -e, in subshells too
trap 'echo "rc $?"; iptables -A c -s 10.9.9.9 -j DROP; iptables -D nochain 1; iptables -S c; echo trapped' EXIT
iptables -N c
for i in 1 2 3 4 5; do iptables -A c -s 10.0.0.$i -j DROP; done
( trap "iptables -A c -s 10.9.9.8 -j DROP" EXIT
  iptables -A c -s 10.0.0.6 -j DROP; exit 3 ); echo "rc $?"
( trap - 0; set -e; iptables -A nochain -j DROP; echo never ); echo "rc $?"
iptables -A c -s 10.0.0.7 -j DROP || exit 1
set -e
iptables -A c -s 10.0.0.8 -j DROP
iptables -D c -s 10.0.0.99 -j DROP
echo never
