# comments and other strings
n() { "$@"; echo "rc $?"; }
t="$(printf '\t')"; l="$(printf 'a\nb')"; bad="$(printf '\377\376')"
iptables -N c
for text in plain 'two words' "it's" 'a "quoted" one' 'back\slash' '\' '"' '' ' ' '#hash' '*star' ':colon' '-t nat' 'COMMIT' 'öäü' '$HOME `id`' "$t" "$l" "$bad" '[1:2]' '! not'; do
  n iptables -A c -m comment --comment "$text" -j RETURN
  n iptables -A c -m comment --comment="$text" -j RETURN
done
long=$(printf '%0255d' 1)
n iptables -A c -m comment --comment "$long" -j RETURN
n iptables -A c -m comment --comment "${long}x" -j RETURN
n iptables -A c -m comment --comment "$long$long$long$long$long" -j RETURN
n iptables -A c -j LOG --log-prefix 'seen: '
n iptables -A c -j LOG --log-prefix 'a prefix that is much too long for the field'
n iptables -A c -m string --string 'GET /' --algo bm -j DROP
n iptables -D c -m comment --comment 'two words' -j RETURN
n iptables -C c -m comment --comment 'öäü' -j RETURN
