# What people type. Each target installs what it needs first; the work is done by scripts/.

.PHONY: help run build test bench fuzz simulate mutate fmt lint clean
.DEFAULT_GOAL := help

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build, make a demo city when there is no home yet, and serve it on 127.0.0.1:8080
	@exec scripts/run

build: ## Build the program (build/anju), nginx's adapter module and the pages
	@scripts/build

test: ## Run every test: C, API on SQLite and PostgreSQL, browser, faults
	@scripts/test

bench: ## Measure beside nginx, Fastify and sqlite3; results in build/bench.json
	@scripts/bench

fuzz: ## Fuzz every parser for 30 seconds, or: make fuzz TARGET=csv SECONDS=600
	@scripts/fuzz $(or $(SECONDS),30) $(TARGET)

simulate: ## Ten years of a small city with faults, or: make simulate SEED=100 COUNT=50
	@scripts/simulate $(or $(SEED),1) $(or $(COUNT),10)

mutate: ## Change the money, interest and schedule code in one place after the other: do the tests notice?
	@scripts/mutate

fmt: ## Format the C sources and mend what eslint can mend
	@scripts/fmt

lint: ## Check format, C sources (clang-tidy, cppcheck) and pages (eslint, vue-tsc)
	@scripts/lint

clean: ## Remove what was built; the home folder stays
	@rm -rf build
