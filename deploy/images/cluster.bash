# shellcheck shell=bash
# Three nodes on this machine, formed into a cluster as an operator does it. For train and measure, which start them:
# node I as $name-I with GM_BASE_PORT=$(port_of I), and which say in fail() what went wrong.

ask() { curl -fsS --max-time 10 "$@"; }

# within SECONDS COMMAND...: repeats it until it succeeds.
within() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || fail "no success in time: $*"
    sleep 0.2
  done
}

is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Sets base: where a node has six ports, ten apart, and the next node a hundred further, nothing listens.
find_ports() {
  local try port
  for ((try = 0; try < 50; try++)); do
    base=$((20000 + RANDOM % 100 * 100))
    for ((port = base; port < base + 300; port += 10)); do is_free "$port" || continue 2; done
    return
  done
  fail "no free ports"
}

port_of() { echo $((base + 100 * $1)); }
http() { echo "http://127.0.0.1:$(port_of "$1")"; }
admin() { echo "http://127.0.0.1:$(($(port_of "$1") + 40))"; }
send() { ask -X "$1" -H 'Content-Type: application/json' "$2" -d "$3"; }

own_peer() { ask "$(admin "$1")/v1/raft" | grep -o "\"peerId\":\"$name-$1\.[^\"]*\"" | head -n 1 | cut -d'"' -f4; }

form() {
  local clusterId=00000000-0000-4000-8000-000000000000
  send POST "$(admin "$1")/v1/raft/form" \
    "{\"peerId\":\"$(own_peer "$1")\",\"clusterId\":\"$clusterId\",\"clusterName\":\"$name\",\"recoveryEpoch\":0,\"founder\":$2,\"minimumPeers\":3}"
}

# admit COUNT: the configuration of the first COUNT - 1 nodes becomes that of the first COUNT.
admit() {
  local i at expected='' peers=''
  for ((i = 0; i < $1; i++)); do
    at=$(port_of "$i")
    if ((i < $1 - 1)); then expected+=,\"$(own_peer "$i")\"; fi
    peers+=",{\"peerId\":\"$(own_peer "$i")\",\"address\":\"127.0.0.1:$((at + 10))\",\"clientAddress\":\"127.0.0.1:$((at + 20))\",\"adminAddress\":\"127.0.0.1:$((at + 50))\"}"
  done
  send PUT "$(admin 0)/v1/raft/configuration" "{\"expected\":[${expected#,}],\"peers\":[${peers#,}]}"
}

form_cluster() {
  local i
  for i in 0 1 2; do within 60 own_peer "$i"; done
  form 0 true >/dev/null
  form 1 false >/dev/null
  form 2 false >/dev/null
  for i in 2 3; do within 60 admit "$i"; done
  for i in 0 1 2; do within 60 ask "$(http "$i")/q/health/ready"; done
}
