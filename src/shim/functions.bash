unset BASH_ENV
__iptables_atom_ahead=
exec {__iptables_atom_request}>@REQUEST@ {__iptables_atom_reply}<>@REPLY@ {__iptables_atom_token}<>@TOKEN@
# FILE LINE TOOL ARGUMENT...: asks the server what to do with a call.
__iptables_atom() {
  local kind call status text tool handled=0 discarded=0
  IFS= read -r -u "$__iptables_atom_token" text
  printf '%s\0' $(($# - 2)) "$BASHPID" "$@" >&"$__iptables_atom_request"
  IFS=' ' read -r -u "$__iptables_atom_reply" kind call status text
  printf '\n' >&"$__iptables_atom_token"
  case $kind in
    0) return 0 ;;
    A) __iptables_atom_ahead=1; return 0 ;;
    X) [[ -z $text ]] || printf '%s\n' "$text" >&2 ;;
    *) shift 2; tool=$1; shift; "@PROGRAMS@/${tool##*/}" "$@"; status=$?
       if [[ $kind = Q && $status = 0 ]]; then return 0; fi ;;
  esac
  # Where the caller looks at the status, no ERR trap runs (the script has none of its own), and the shell ignores -e, in subshells too. The
  # trap needs no process, but in an eval it runs although -e is ignored.
  if [[ $status = 0 ]]; then :
  elif [[ /proc/self/fd/2 -ef /dev/null ]]; then discarded=1
  else
    handled=1
    trap handled=0 ERR
    false
    trap - ERR
    if [[ $handled = 0 ]]; then (set -e; false; :) 2>/dev/null; handled=$((1 - $?)); fi
  fi
  IFS= read -r -u "$__iptables_atom_token" text
  printf '%s\0' 0 "$call" "$status" "$handled" "$discarded" >&"$__iptables_atom_request"
  printf '\n' >&"$__iptables_atom_token"
  return "$status"
}
