# a forwarded deletion beside a batched addition
iptables -N old; iptables -N new
for i in 1 2 3 4 5 6 7 8 9 10; do iptables -w -A old -s 10.1.0.$i -j DROP; done
for i in 1 2 3 4 5 6 7 8 9 10; do
  iptables -w -v -D old -s 10.1.0.$i -j DROP >/dev/null &
  iptables -w -A new -s 10.2.0.$i -j DROP
  wait
done
