# `make demo` and `make test` first install missing packages.

# No target is a file.
.PHONY: $(shell sed -n 's/^\([a-z][a-z0-9 -]*\):\($$\|[^=].*\)/\1/p' $(firstword $(MAKEFILE_LIST)))

EMBEDDED    := .build-embedded
TOOLS       := .build-tools
EMULATOR    := .build-emulator
RELEASED    := .build-emulator-release
IMAGE       := .build-image
LIBRARY     := .build-lib
VENV        := .build-venv
WHEEL       := .build-wheel
DOCS        := .build-docs
SITE        := .build-site
SITE_VENV   := .build-site-venv
ABI_TESTS   := .build-abi
HTTP_TESTS  := .build-http
MUSL        := .build-musl
LOGS        := .build-logs

# Folders for `make install`; see docs/packaging.md.
PREFIX      := /usr/local
export PREFIX DESTDIR BINDIR INCLUDEDIR LIBDIR DATADIR MANDIR DOCDIR PKGCONFIG_PREFIX

EMULATOR_PROGRAM := $(EMULATOR)/release/deepidv-emulator

export DEEPIDV_EMULATOR := $(abspath $(EMULATOR_PROGRAM))
export DEEPIDV_LIBRARY  := $(abspath $(LIBRARY)/libdeepidv.so)
export DEEPIDV_LIB_DIR  := $(abspath $(LIBRARY))
export DEEPIDV_JSONCHECK := $(abspath $(TOOLS)/debug/jsoncheck)
export DEEPIDV_HTTPCHECK := $(abspath $(TOOLS)/debug/httpcheck)
export DEEPIDV_HTTPPEERS := $(abspath $(HTTP_TESTS)/peers)
# The backtracer of the Swift runtime can hang tests that crash on purpose.
export SWIFT_BACKTRACE  := enable=no

# With STEPS=FILE, how long each target takes is added to the file.
ifdef STEPS
SHELL = scripts/step $(STEPS) $@
endif

# ONLY selects tests in every suite: make test-abi ONLY=redirect
CTEST_ONLY  := $(if $(ONLY),--tests-regex '$(ONLY)')
SWIFT_ONLY  := $(if $(ONLY),--filter '$(ONLY)')
list-swift-tests = { swift test list --scratch-path $(TOOLS) && \
  swift test list --package-path Emulator --scratch-path $(EMULATOR); }
# The outputs of all tests go to a log, where check-canaries looks for secrets.
PYTEST      = $(VENV)/bin/python -m pytest -q --junitxml=$(LOGS)/$@.xml -o junit_logging=all $(if $(ONLY),-k '$(ONLY)')
# build-wheel LIBRARY FOLDER
define build-wheel
@rm -rf $2
DEEPIDV_LIBRARY=$(abspath $1/libdeepidv.so) \
  $(VENV)/bin/python -m build --quiet --wheel --no-isolation --outdir $2 bindings/python
@ls $2/*.whl
endef
# Without frame pointers the library has 4 KB less, and a create takes 2 % fewer instructions.
build-embedded = swift build -c release --traits Embedded --omit-frame-pointers -Xswiftc -use-ld=lld \
  -Xswiftc -Xclang-linker -Xswiftc --ld-path=$(abspath scripts/ld) --disable-local-rpath --product deepidv
configure-abi-tests = @cmake -S Tests/abi -B $(ABI_TESTS)/$1 --log-level=WARNING \
  -DDEEPIDV_LIB_DIR=$(DEEPIDV_LIB_DIR) -DDEEPIDV_EMULATOR=$(DEEPIDV_EMULATOR) -DDEEPIDV_PYTHON=$(abspath $(VENV))/bin/python
run-abi-tests = @ctest --test-dir $1 --parallel 8 --output-on-failure --no-tests=error $(CTEST_ONLY)

## For users

# Each of the two builds leaves a processor free most of the time.
demo: deps-demo
	@$(MAKE) --no-print-directory -j2 library emulator
	@scripts/demo

# Runs the example application beside the emulator, until Ctrl-C.
onboarding: deps-onboarding build emulator
	@$(VENV)/bin/python scripts/onboarding

# Packages come first, since apt and pip install one at a time; then the rest, several targets at a time, because many
# tests wait for timeouts.
test: deps-test deps-lint deps-image deps-deb deps-musl deps-cross deps-platforms deps-site
	@$(MAKE) --no-print-directory -j$(JOBS) --output-sync=target tests
	@scripts/check-canaries
	@echo "Every test passed."

JOBS := 3
tests: lint check-abi check-traps test-swift test-abi test-faults test-python test-http test-hosts conformance-short \
	test-emulator test-pages test-guides test-few-curls test-few-musl test-arm64-smoke test-debian13-short test-threads test-install \
	test-image fuzz-state fuzz-redirect fuzz-answer fuzz-calls

build: docs library

# The library as shipped: Embedded Swift, stripped, with its SONAME links.
library:
	@# SwiftPM does not relink if only the version script changed.
	@if [ deepidv.map -nt $(EMBEDDED)/release/libdeepidv.so ]; then rm -f $(EMBEDDED)/release/libdeepidv.so; fi
	$(build-embedded) --scratch-path $(EMBEDDED)
	@mkdir -p $(LIBRARY)
	@strip -R .comment -o $(LIBRARY)/libdeepidv.so.0.new $(EMBEDDED)/release/libdeepidv.so
	@mv $(LIBRARY)/libdeepidv.so.0.new $(LIBRARY)/libdeepidv.so.0
	@ln -sf libdeepidv.so.0 $(LIBRARY)/libdeepidv.so
	@scripts/archive $(EMBEDDED)/release deepidv.map $(LIBRARY)/libdeepidv.a
	@stat -L -c '%n: %s bytes' $(LIBRARY)/libdeepidv.so

# The library for musl, as on Alpine, into .build-musl/lib.
musl: deps-musl
	scripts/musl $(build-embedded)

# The reference of the C interface (abi.md) and the manual pages.
docs:
	swift build --scratch-path $(TOOLS) --product abigen
	@rm -rf $(DOCS)
	@$(TOOLS)/debug/abigen --docs $(DOCS) >/dev/null

# A site with all guides and the reference, for a web server: cd .build-site && python3 -m http.server
docs-site: deps-site docs
	@NO_MKDOCS_2_WARNING=1 $(SITE_VENV)/bin/mkdocs build --strict --config-file docs/site/mkdocs.yml
	@echo "$(SITE)/index.html"

# Only copies the output of `make build`: needs no Swift, and builds nothing as root.
install:
	@LIBRARY=$(LIBRARY) DOCS=$(DOCS) scripts/install put library

uninstall:
	@LIBRARY=$(LIBRARY) DOCS=$(DOCS) scripts/install remove library

# Tests use the shipped build, which runs without Swift. A debug build of its web server is a thousand times
# slower. Debug information, which nobody reads, would take 5 % more time.
emulator:
	swift build -c release -debug-info-format none --static-swift-stdlib --disable-local-rpath -Xlinker -z -Xlinker now \
	  --package-path Emulator --scratch-path $(EMULATOR) --product deepidv-emulator

# Runs in the foreground until Ctrl-C: make start-emulator OPTIONS="--port 9000"
start-emulator: deps-demo emulator
	$(EMULATOR_PROGRAM) $(OPTIONS)

# The stripped emulator, with its manual page.
emulator-release: emulator docs
	@mkdir -p $(RELEASED)
	@strip -o $(RELEASED)/deepidv-emulator $(EMULATOR_PROGRAM)
	@scripts/emulator-manual $(RELEASED)/deepidv-emulator $(DOCS)/man/deepidv.7 >$(RELEASED)/deepidv-emulator.1

# Only copies the output of `make emulator-release`.
install-emulator:
	@EMULATOR=$(RELEASED) scripts/install put emulator

uninstall-emulator:
	@EMULATOR=$(RELEASED) scripts/install remove emulator

# A container image of the emulator, without a container engine: docker load -i .build-image/deepidv-emulator.tar
image: deps-image emulator-release
	@scripts/image $(RELEASED)/deepidv-emulator $(IMAGE)/deepidv-emulator.tar

# Builds Debian packages into .build-deb. They need no Swift.
deb: deps-deb build emulator-release
	@scripts/deb

# Builds a Python wheel that contains the library. Its name includes the required glibc version.
wheel: build
	$(call build-wheel,$(LIBRARY),$(WHEEL))

# The library for another architecture, in .build-ARCH/lib, with its Debian packages and its wheel: make cross ARCH=riscv64
ARCH := arm64
CROSS = .build-$(ARCH)
cross: deps-cross docs cross-library
	@scripts/deb library $(ARCH)
	$(call build-wheel,$(CROSS)/lib,$(CROSS)/wheel)

cross-library: deps-cross
	@scripts/cross-build $(ARCH) $(build-embedded)

arm64 riscv64:
	@$(MAKE) --no-print-directory cross ARCH=$@

# The same for musl, into .build-musl/wheel.
musl-wheel: musl
	$(call build-wheel,$(MUSL)/lib,$(MUSL)/wheel)

# The files of a release, with checksums and a bill of materials, into .build-release; see docs/release.md.
release: deps-release deb wheel musl-wheel
	@scripts/release

clean:
	rm -rf .build .build-*

## For developers

# Generates the header and other files from the interface table, and constants and options of the packages.
abi:
	swift run --scratch-path $(TOOLS) abigen
	bindings/generate.py

check-abi:
	swift build --scratch-path $(TOOLS) --product abigen
	$(TOOLS)/debug/abigen --check
	bindings/generate.py --check

SWIFT_SOURCES := Package.swift Sources Tests conformance Emulator/Package.swift Emulator/Sources Emulator/Tests Benchmarks/limiter Fuzz
C_SOURCES = $$(git ls-files '*.c' '*.h' '*.cc' '*.cpp')

# Records the interface of a release, with which the tests compare it.
abi-baseline:
	scripts/abi-baseline --update

lint: deps-lint
	swift format lint --strict --recursive $(SWIFT_SOURCES)
	$(VENV)/bin/ruff check --quiet .
	$(VENV)/bin/ruff format --quiet --check .
	cd bindings/python && $(abspath $(VENV))/bin/mypy --cache-dir $(abspath .build-mypy)
	$(VENV)/bin/vulture --config scripts/vulture.toml
	$(VENV)/bin/clang-format --dry-run -Werror $(C_SOURCES)
	$(VENV)/bin/clang-tidy --quiet Sources/CPlatform/*.c -- -Wall -Wextra -ISources/CPlatform/include
	$(VENV)/bin/codespell $$(git ls-files)
	$(VENV)/bin/zizmor --quiet --offline .github
	scripts/check-rooms
	scripts/check-docs
	shellcheck $$(grep -rlI '^#!/bin/sh' scripts Tests Fuzz Benchmarks examples .ci)

# Locks the Python packages of requirements.in with their hashes.
lock: deps-release
	@scripts/lock

format: deps-lint
	swift format format --in-place --recursive $(SWIFT_SOURCES)
	$(VENV)/bin/ruff format --quiet .
	$(VENV)/bin/clang-format -i $(C_SOURCES)

# `swift test --filter` succeeds if no test matches.
test-swift:
	$(if $(ONLY),@$(list-swift-tests) | grep -qE '$(ONLY)' || { echo "test-swift: no test matches $(ONLY)" >&2; exit 1; })
	swift test --scratch-path $(TOOLS) $(SWIFT_ONLY)
	swift test --package-path Emulator --scratch-path $(EMULATOR) $(SWIFT_ONLY)

# Builds the library twice, in folders with different names, and compares the results. Takes a few minutes.
reproducible:
	scripts/reproducible

# Lists the trap instructions of the library, which Tests/abi/traps.txt must explain.
check-traps: library
	scripts/check-traps $(EMBEDDED)/release/libdeepidv.so

# The C tests with gcc and under valgrind, and those of the header with clang too, in one run of ctest.
test-abi: abi-programs
	$(call run-abi-tests,$(ABI_TESTS))

abi-programs: build emulator
	$(call configure-abi-tests,gcc) -DCMAKE_C_COMPILER=gcc -DCMAKE_CXX_COMPILER=g++
	$(call configure-abi-tests,clang) -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++
	@for compiler in gcc clang; do cmake --build $(ABI_TESTS)/$$compiler -j "$$(nproc)" -- -s || exit; done
	@echo 'subdirs(gcc clang)' >$(ABI_TESTS)/CTestTestfile.cmake

test-python: build emulator wheel
	swift build --scratch-path $(TOOLS) --product jsoncheck
	PYTHONPATH=bindings/python $(PYTEST) -n 2 Tests/python

# Tests on other systems than Debian 12; takes hours. Each prints a table for docs/platforms.md.
test-platforms: test-curl test-musl test-arm64 test-riscv64 test-debian13 test-python-versions test-sdist

# Tests with many Pythons, of other Debians, this machine, or built here: make test-python-versions VERSIONS="3.13t 3.14"
test-python-versions: deps-platforms build emulator
	@$(VENV)/bin/python Tests/platforms/pythons.py $(VERSIONS)

# Tests of faults, a short soak and the Python tests in Debian 13, which is unpacked into .build-roots, as root.
test-debian13: deps-platforms build emulator
	@$(VENV)/bin/python Tests/platforms/debian.py

test-debian13-short: build emulator
	@$(VENV)/bin/python Tests/platforms/debian.py --short

# Builds the library as pip does, from the sdist and from a clone.
test-sdist: wheel
	DEEPIDV_TEST_SDIST=build PYTHONPATH=bindings/python $(PYTEST) Tests/python/test_packaging.py

# Compares a million random redirects with Python's parser; test-python compares a few.
test-oracle: build
	DEEPIDV_TEST_ORACLE=1000000 PYTHONPATH=bindings/python \
	  $(PYTEST) -n 2 Tests/python/test_redirect_oracle.py

# Compares how random HTTP responses are read with libcurl and with llhttp, whose source `make deps-test` gets.
test-http:
	swift build --scratch-path $(TOOLS) --product httpcheck
	$(CC) -O2 -Wall -isystem $(HTTP_TESTS)/llhttp $(wildcard Tests/http/peers/*.c) $(HTTP_TESTS)/llhttp/*.c \
	  -lcurl -o $(HTTP_TESTS)/peers
	$(PYTEST) -n 2 Tests/http

# The same with a million responses; takes about ten minutes.
test-http-oracle: export DEEPIDV_TEST_ORACLE = 1000000
test-http-oracle: test-http

# Runs the Python package in job queues, servers, pools and error trackers.
test-hosts: build emulator
	PYTHONPATH=bindings/python $(PYTEST) -n 4 --dist worksteal Tests/hosts

# Kills one of three workers of `deepidv fleet` each second for a minute: 2,000 rows at 35 per second.
test-fleet: export DEEPIDV_TEST_FLEET = 2000,60,35
test-fleet: build emulator
	PYTHONPATH=bindings/python $(PYTEST) -s Tests/hosts/test_fleet.py -k workers_are_killed

# Builds and tests the packages of bindings/ except Python's; not part of `make test`: make test-bindings ONLY=go
test-bindings: deps-bindings build emulator
	$(PYTEST) -n 2 Tests/bindings

# Runs one script in a few languages, and prints a table; and tests that wrong drivers are noticed.
conformance-short: deps-test build emulator
	@$(VENV)/bin/python conformance/run.py --short
	$(PYTEST) conformance

# The same in all languages, with the hosts of bindings/ and conformance/hosts/: make conformance HOSTS="nim guile"
conformance: deps-conformance build emulator
	@$(VENV)/bin/python conformance/run.py $(HOSTS)

test-emulator: emulator
	$(PYTEST) Tests/emulator

# Tests the emulator's pages in Chromium, with sessions and redirects of the library.
test-pages: build emulator
	PYTHONPATH=bindings/python $(PYTEST) Tests/pages

# Runs every command and program of the guides, and opens the pages of their site in Chromium.
test-guides: deps-test build emulator docs-site
	PYTHONPATH=bindings/python $(PYTEST) -n 2 Tests/guides

# Takes the screenshots for the READMEs of the emulator and the example application. Install Debian's fonts-inter for the best result.
tour: build emulator
	$(VENV)/bin/python Tests/pages/tour.py Emulator/docs
	PYTHONPATH=bindings/python $(VENV)/bin/python Tests/pages/onboarding_tour.py examples/onboarding/docs

# Puts a fault-injecting proxy, and nginx for TLS, between the library and the emulator.
test-faults: build emulator
	$(if $(ONLY),,PYTHONPATH=bindings/python $(PYTEST) --junitxml=$(LOGS)/$@-soak.xml Tests/faults/test_soak.py)
	@# These tests mostly wait for timeouts.
	PYTHONPATH=bindings/python $(PYTEST) -n 6 $(if $(ONLY),,--ignore Tests/faults/test_soak.py) Tests/faults

# Tests the library of another architecture under qemu, and prints a table: make test-cross ARCH=riscv64
test-cross: cross library emulator
	@$(VENV)/bin/python Tests/cross/run.py $(ARCH)

test-arm64 test-riscv64: test-%:
	@$(MAKE) --no-print-directory test-cross ARCH=$*

# A few of these tests.
test-arm64-smoke: cross-library library emulator
	@$(VENV)/bin/python Tests/cross/run.py --short $(ARCH)

# Tests with libcurls of many versions, and prints a table: make test-curl VERSIONS="7.76.1 system"
test-curl: abi-programs
	@$(VENV)/bin/python Tests/curl/matrix.py $(VERSIONS)

# The oldest and the newest libcurl, and one that is too old.
test-few-curls: abi-programs
	@$(VENV)/bin/python Tests/curl/matrix.py --short 7.75.0 7.76.1 8.23.0

# Tests the library for musl with two libcurls, and prints a table: make test-musl ONLY=fork
test-musl: deps-test emulator musl-wheel
	@$(VENV)/bin/python Tests/musl/prepare.py
	$(if $(ONLY),,$(PYTEST) Tests/musl)
	@$(VENV)/bin/python Tests/musl/matrix.py $(ONLY)

# Its files, and one create.
test-few-musl: emulator musl-wheel
	@$(VENV)/bin/python Tests/musl/prepare.py --short
	$(PYTEST) Tests/musl

# Builds the library with the thread sanitizer.
test-threads: emulator
	swift build -c release --sanitize thread --scratch-path .build-tsan --product deepidv
	$(call configure-abi-tests,tsan) -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ \
	  -DDEEPIDV_SANITIZE=thread -DDEEPIDV_LIB_DIR=$(abspath .build-tsan/release)
	@cmake --build $(ABI_TESTS)/tsan -- -s
	$(call run-abi-tests,$(ABI_TESTS)/tsan)

# The C tests and the Swift tests with the address sanitizer, which finds leaks, too, and C code with the one for undefined
# behaviour, which Swift does not have on Linux; takes long.
test-asan: emulator
	swift build -c release --sanitize address -Xcc -fsanitize=undefined \
	  -Xcc -fno-sanitize-recover=undefined --scratch-path .build-asan --product deepidv
	$(call configure-abi-tests,asan) -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ \
	  -DDEEPIDV_SANITIZE=address -DDEEPIDV_LIB_DIR=$(abspath .build-asan/release)
	@cmake --build $(ABI_TESTS)/asan -j "$$(nproc)" -- -s
	$(call run-abi-tests,$(ABI_TESTS)/asan)
	$(if $(ONLY),,ASAN_OPTIONS=allocator_may_return_null=1 swift test --sanitize address --scratch-path .build-asan-swift)

# Relocates an installation and builds against it.
test-install: build emulator
	scripts/deb library
	$(PYTEST) -n 4 Tests/install

# Runs the image, alone and beside the example application, as compose.yaml describes them. Needs root for their networks.
test-image: build image
	PYTHONPATH=bindings/python $(PYTEST) Tests/image

# Installs the Debian packages into a fresh Debian, as root. Takes a few minutes; not part of `make test`.
test-deb: deb
	$(PYTEST) Tests/deb

# Fuzzes states and confirmations: make fuzz-state SECONDS=600
SECONDS ?= 20
fuzz-state:
	Fuzz/run.sh state $(SECONDS)

# Fuzzes the redirect parser against a simple reference parser.
fuzz-redirect:
	Fuzz/run.sh redirect $(SECONDS)

# Fuzzes responses, through libcurl and the whole library: make fuzz-answer SECONDS=600
fuzz-answer:
	Fuzz/run.sh answer $(SECONDS)

# Fuzzes sequences of calls, requests in JSON and options.
fuzz-calls:
	Fuzz/run.sh calls $(SECONDS)

# All of them, one after another, with a table of what they did: make fuzz SECONDS=3600
fuzz:
	Fuzz/all.sh $(SECONDS)

# Fuzzes webhooks: secrets, bodies and keys. Not part of `make test`.
fuzz-webhook:
	Fuzz/run.sh webhook $(SECONDS)

bench-load: build
	Benchmarks/load/run.sh

# Measures rate and cost of creates, compared with plain libcurl and HTTP clients of Python and Node.
bench-create: build
	Benchmarks/create/run.sh

# Measures redirect parsing, compared with a scanner in C, libcurl, ada and urllib.
bench-redirect: build
	Benchmarks/redirect/run.sh

# Measures CPU per create of the Python clients, compared with the C interface, requests, httpx and aiohttp.
bench-python: build
	ONLY=python ROUNDS=$(or $(ROUNDS),5) IN_FLIGHT="$(or $(IN_FLIGHT),1 64)" PYTHON=$(abspath $(VENV))/bin/python Benchmarks/create/run.sh

# Measures what importing the Python package costs, compared with http.client.
bench-import: build
	Benchmarks/import/run.sh

# Measures how long a webhook takes to be verified and read, in C and in Python.
bench-webhook: build
	Benchmarks/webhook/run.sh

# Simulates processes that share the rate of an API key, compared with other retry strategies.
bench-limiter:
	swift run -c release --package-path Benchmarks/limiter --scratch-path .build-bench-limiter limiter-simulation

# Simulates 1 to 1,000 machines with one key, and draws docs/running-many.svg.
bench-machines:
	swift build -c release --package-path Benchmarks/limiter --scratch-path .build-bench-limiter
	@.build-bench-limiter/release/limiter-simulation machines >.build-bench-limiter/machines.txt
	@cat .build-bench-limiter/machines.txt
	@$(VENV)/bin/python Benchmarks/limiter/plot.py <.build-bench-limiter/machines.txt >docs/running-many.svg

# Measures how processes share the rate of one key, with and without Redis.
bench-fleet: build emulator
	$(VENV)/bin/python Benchmarks/fleet/fleet.py

# Measures whether comparisons leak timing, with memcmp as a counterexample.
bench-constant-time: build
	Benchmarks/constant-time/run.sh

# Measures the emulator: creates per second, connections, memory.
bench-emulator: emulator
	Benchmarks/emulator/run.sh

deps-demo:
	@scripts/bootstrap demo

deps-onboarding:
	@scripts/bootstrap onboarding

deps-test:
	@scripts/bootstrap test

deps-lint:
	@scripts/bootstrap lint

deps-image:
	@scripts/bootstrap image

deps-deb: deps-test
	@scripts/bootstrap deb

deps-release: deps-test
	@scripts/bootstrap release

deps-musl:
	@scripts/bootstrap musl

deps-platforms: deps-test
	@scripts/bootstrap platforms

deps-bindings: deps-test
	@scripts/bootstrap bindings

deps-conformance: deps-test
	@scripts/bootstrap conformance

deps-site:
	@scripts/bootstrap site

deps-cross: deps-test
	@scripts/bootstrap cross
