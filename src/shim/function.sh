@TOOL@() {
@AHEAD@  { local - IFS kind call status text handled; set +xeuv; } 2>/dev/null
  IFS=' '; handled=0
  read -r text <@TOKEN@
  printf '%s\0' $(($# + 1)) $$ '' 0 @TOOL@ "$@" >@REQUEST@
  read -r kind call status text <@REPLY@
  echo >@TOKEN@
  case $kind in
    0) return 0 ;;
    A) __iptables_atom_ahead=1; return 0 ;;
    X) [ -z "$text" ] || printf '%s\n' "$text" >&2 ;;
    *) @PROGRAMS@/@TOOL@ "$@"; status=$?
       if [ "$kind$status" = Q0 ]; then return 0; fi ;;
  esac
  if [ "$status" != 0 ]; then
    (set -e; false; :) 2>/dev/null
    handled=$((1 - $?))
  fi
  read -r text <@TOKEN@
  printf '%s\0' 0 "$call" "$status" "$handled" >@REQUEST@
  echo >@TOKEN@
  return "$status"
}
