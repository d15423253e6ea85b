@NAME@() {
@AHEAD@  { local - IFS=' '; set +xeuvET; } 2>/dev/null
  __iptables_atom "${BASH_SOURCE[1]}" "${BASH_LINENO[0]}" @NAME@ "$@"
}
