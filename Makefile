# The front door. `make demo` and `make test` install what is missing first.

EMBEDDED    := .build-embedded
TOOLS       := .build-tools
EMULATOR    := .build-emulator
LIBRARY     := .build-lib
VENV        := .build-venv

EMULATOR_PROGRAM := $(EMULATOR)/release/deepidv-emulator

export DEEPIDV_EMULATOR := $(abspath $(EMULATOR_PROGRAM))
export DEEPIDV_LIBRARY  := $(abspath $(LIBRARY)/libdeepidv.so)
export DEEPIDV_LIB_DIR  := $(abspath $(LIBRARY))
export DEEPIDV_JSONCHECK := $(abspath $(TOOLS)/debug/jsoncheck)
# The backtracer of the ordinary Swift runtime can hang a test that is meant to crash.
export SWIFT_BACKTRACE  := enable=no

.PHONY: demo test build emulator start-emulator abi check-abi test-swift test-abi test-python test-emulator \
	test-pages tour test-faults test-threads bench-load bench-create bench-limiter bench-emulator lint format clean deps-demo deps-test

## For users

demo: deps-demo build emulator
	@scripts/demo

test: deps-test lint check-abi build emulator test-swift test-abi test-python test-emulator test-pages test-faults \
	test-threads
	@echo "Every test passed."

# The library as it ships: Embedded Swift, stripped, with the SONAME chain beside it.
build:
	@# SwiftPM does not relink when only the version script has changed.
	@if [ deepidv.map -nt $(EMBEDDED)/release/libdeepidv.so ]; then rm -f $(EMBEDDED)/release/libdeepidv.so; fi
	swift build -c release --traits Embedded -Xswiftc -use-ld=lld --disable-local-rpath \
	  --scratch-path $(EMBEDDED) --product deepidv
	@mkdir -p $(LIBRARY)
	@strip -o $(LIBRARY)/libdeepidv.so.0.new $(EMBEDDED)/release/libdeepidv.so
	@mv $(LIBRARY)/libdeepidv.so.0.new $(LIBRARY)/libdeepidv.so.0
	@ln -sf libdeepidv.so.0 $(LIBRARY)/libdeepidv.so

# Optimized also for tests: the web server underneath is a thousand times slower without.
emulator:
	swift build -c release --package-path Emulator --scratch-path $(EMULATOR) --product deepidv-emulator

# In the foreground, until Ctrl-C: make start-emulator OPTIONS="--port 9000"
start-emulator: deps-demo emulator
	$(EMULATOR_PROGRAM) $(OPTIONS)

clean:
	rm -rf .build .build-*

## For those who change it

# Prints the header and all that follows from the interface table.
abi:
	swift run --scratch-path $(TOOLS) abigen

check-abi:
	swift build --scratch-path $(TOOLS) --product abigen
	$(TOOLS)/debug/abigen --check

lint:
	swift format lint --strict --recursive Package.swift Sources Tests Emulator/Package.swift Emulator/Sources Emulator/Tests Benchmarks/limiter

format:
	swift format format --in-place --recursive Package.swift Sources Tests Emulator/Package.swift Emulator/Sources Emulator/Tests Benchmarks/limiter

test-swift:
	swift test --scratch-path $(TOOLS)
	swift test --package-path Emulator --scratch-path $(EMULATOR)

test-abi: build emulator
	Tests/abi/run.sh

test-python: build emulator
	swift build --scratch-path $(TOOLS) --product jsoncheck
	PYTHONPATH=bindings/python $(VENV)/bin/python -m pytest -q Tests/python

test-emulator: emulator
	$(VENV)/bin/python -m pytest -q Tests/emulator

# The pages in Chromium, with sessions that the library creates and redirects that it reads.
test-pages: build emulator
	PYTHONPATH=bindings/python $(VENV)/bin/python -m pytest -q Tests/pages

# The pictures of the emulator's README, made anew. They look best with Debian's fonts-inter installed.
tour: emulator
	$(VENV)/bin/python Tests/pages/tour.py Emulator/docs

# Between the library and the emulator stands a proxy that breaks things, and nginx for TLS.
test-faults: build emulator
	PYTHONPATH=bindings/python $(VENV)/bin/python -m pytest -q Tests/faults/test_soak.py
	@# Most of the time they wait for a timeout.
	PYTHONPATH=bindings/python $(VENV)/bin/python -m pytest -q -n 6 --ignore Tests/faults/test_soak.py Tests/faults

# The library built for the thread sanitizer.
test-threads: emulator
	Tests/threads/run.sh

bench-load: build
	Benchmarks/load/run.sh

# Creates per second and what each costs, beside plain libcurl in C and the HTTP clients of Python and Node.
bench-create: build
	Benchmarks/create/run.sh

# How processes that share a key share its rate, beside other ways to retry.
bench-limiter:
	swift run -c release --package-path Benchmarks/limiter --scratch-path .build-bench-limiter limiter-simulation

# What the emulator carries: creates a second, connections, memory.
bench-emulator: emulator
	Benchmarks/emulator/run.sh

deps-demo:
	@scripts/bootstrap demo

deps-test:
	@scripts/bootstrap test
