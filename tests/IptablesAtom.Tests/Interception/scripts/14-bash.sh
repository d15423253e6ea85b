# bash only
set -euo pipefail
chains=(one two three)
for c in "${chains[@]}"; do iptables -N "$c"; done
mapfile -t list < <(printf '10.0.0.%d\n' 1 2 3)
for a in "${list[@]}"; do iptables -A one -s "$a" -j DROP; done
while read -r a; do iptables -A two -s "$a" -j DROP; done <<< $'10.1.0.1\n10.1.0.2'
iptables -N one || echo "rc $?"
iptables -N one | cat || echo "pipe ${PIPESTATUS[*]}"
if ! iptables -C three -s 10.0.0.1 -j DROP 2>/dev/null; then iptables -A three -s 10.0.0.1 -j DROP; fi
err=$(iptables -N one 2>&1) || printf '%s\n' "$err"
/sbin/iptables -A three -s 10.0.0.2 -j DROP
for i in {1..5}; do /usr/sbin/ip6tables -A INPUT -s "fd00::$i" -j DROP; done
printf '%s\0' 10.2.0.1 10.2.0.2 | xargs -0 -n1 iptables -A two -j DROP -s
iptables -A three -s 10.0.0.2 -j NOCHAIN
echo unreached
