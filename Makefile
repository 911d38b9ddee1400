SWIFT_SOURCES = Package.swift Sources Tests

.PHONY: help run build release bpf test test-unit test-interop sanitize bench bench-short bench-soak bench-instructions lint format clean build-dependencies test-dependencies benchmark-dependencies

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run: build-dependencies ## Build the server, start it on loopback and print its iceServers
	swift build -c release --product turnserver
	scripts/run-demo.sh

build: build-dependencies ## Build for debugging
	swift build

release: build-dependencies ## Build for use; a warning is an error
	scripts/without-warnings.sh swift build -c release

bpf: ## Compile the program for the kernel into Swift words
	scripts/bpf.py

# In this order, so that what fails fastest fails first.
test: ## Everything: formatting, build, unit tests, instruction budget, interop tests
	$(MAKE) lint
	$(MAKE) release
	$(MAKE) test-unit
	$(MAKE) bench-instructions
	$(MAKE) test-interop

test-unit: build-dependencies ## Run the Swift tests
	swift test

test-interop: release test-dependencies ## Drive the release build with clients that nobody here wrote
	.venv/bin/python -m pytest Tests/Interop

sanitize: build-dependencies ## Run the tests that open sockets under AddressSanitizer and ThreadSanitizer
	scripts/sanitize.sh

bench: release ## Measure beside coturn and the bare system calls; writes the table into Docs/performance.md
	Benchmarks/bench.py --write

bench-short: release ## The same with fewer cases and rounds, in about a minute; writes nothing
	Benchmarks/bench.py --short

bench-soak: release ## Ten minutes at half of capacity: memory and descriptors stay flat, and nothing is lost
	Benchmarks/soak.py

bench-instructions: release benchmark-dependencies ## Count instructions per relayed packet, and hold them to the recorded budget
	Benchmarks/instructions.py

lint: build-dependencies ## Check the formatting, and that generated documents are up to date
	swift format lint --strict --parallel --recursive $(SWIFT_SOURCES)
	python3 scripts/conformance.py --check
	scripts/bpf.py --check

format: build-dependencies ## Put the formatting right
	swift format --in-place --parallel --recursive $(SWIFT_SOURCES)

clean: ## Remove what was built and installed into the checkout
	rm -rf .build .venv

build-dependencies:
	@scripts/install-build-dependencies.sh

test-dependencies:
	@scripts/install-test-dependencies.sh

benchmark-dependencies:
	@scripts/install-benchmark-dependencies.sh
