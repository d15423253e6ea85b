# shell state around calls: -x, -u, IFS, -f, positional parameters
set -u
set -- a 'b c' d
iptables -N c
set -x
iptables -A c -s 10.0.0.1 -j DROP
iptables -N c
set +x
IFS=:
iptables -A c -s 10.0.0.2 -j DROP
iptables -N c
printf '%s\n' "$*" "$#"
unset IFS
set -f
iptables -A c -s 10.0.0.3 -j DROP
echo *x
set +f
printf "%s|" "$@"; echo
