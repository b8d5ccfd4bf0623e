#!/bin/sh
# Builds a free-threaded Python from Debian's source package, since no package has one:
# free_threaded.sh 3.13 trixie FOLDER. Prints the interpreter.
set -eu
version=$1
suite=$2
mkdir -p "$3"
folder=$(cd "$3" && pwd)
python=$folder/${version}t/bin/python${version}t
if [ -x "$python" ]; then
  echo "$python"
  exit
fi

log=$folder/${version}t.log
exec 3>&1 4>&2 >"$log" 2>&1
trap '[ $? = 0 ] || tail -n 5 "$log" >&4' EXIT

scratch=$folder/source-$version
rm -rf "$scratch"
mkdir -p "$scratch/lists/partial" "$scratch/cache/archives/partial" "$scratch/build"
mirror=${DEEPIDV_DEBIAN_MIRROR:-http://deb.debian.org/debian}
echo "deb-src $mirror $suite main" >"$scratch/sources.list"
# Not the machine's own lists and configuration.
get() {
  apt-get -qq -oDir::State::Lists="$scratch/lists" -oDir::Cache="$scratch/cache" -oDir::State::status=/dev/null \
    -oDir::Etc::SourceList="$scratch/sources.list" -oDir::Etc::SourceParts=- -oAPT::Sandbox::User=root -oAcquire::Check-Valid-Until=false "$@"
}
get update
cd "$scratch"
get source --download-only "python$version"
tar -xf "python${version}_"*.orig.tar.xz -C build --strip-components=1
cd build
./configure --quiet --disable-gil --disable-test-modules --with-ensurepip=no --prefix="$folder/${version}t"
make -s -j "$(nproc)"
make -s altinstall
cd "$folder"
rm -rf "$scratch"
echo "$python" >&3
