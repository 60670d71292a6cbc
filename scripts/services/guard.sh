# usage: sh guard.sh <grace seconds> <command> [argument...]
#
# Runs the command and ends it when descriptor 4 reaches its end, which happens at the latest when the parent dies, even by
# SIGKILL: TERM first, KILL after the grace. Tells its parent on descriptor 3 the command's process id and exit code.
#
# The guard puts itself into the background: its parent becomes init, so a tool that signals "all my descendants" (nodemon)
# or a Ctrl-C in the terminal does not reach the command before the application that needs it has stopped.
grace=$1
shift

guard() {
  trap '' INT HUP TERM
  # Descriptors 3 and 4 are the guard's own: a command that held them would keep the parent waiting.
  (
    trap - INT HUP TERM
    exec "$@" </dev/null 3>&- 4<&-
  ) &
  command=$!
  echo "pid $command" >&3

  (
    exec 3>&- >/dev/null 2>&1
    cat <&4
    kill -TERM "$command"
    tenths=$((grace * 10))
    while [ "$tenths" -gt 0 ]; do
      kill -0 "$command" || exit 0
      sleep 0.1
      tenths=$((tenths - 1))
    done
    kill -KILL "$command"
  ) &
  watcher=$!

  wait "$command"
  code=$?
  # Before anything else: the process id may be given to another process from now on.
  kill -KILL "$watcher"
  echo "exit $code" >&3
}

guard "$@" </dev/null &
