# Two commands matter: `make up` and `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.PHONY: up down clean test test-fast faults security bench build publish catalogue dist format audit help

## up: install, build, start the platform, apply the quickstart, print how to connect; again: change nothing, or upgrade
up:
	@build/up

## down: stop everything in order and keep all data
down:
	@build/down

## clean: stop everything and remove it, data included
clean:
	@build/clean

## test: build, check and run all tests; ends with one line of numbers
test:
	@build/test

## test-fast: only tests that need neither root nor an engine
test-fast:
	@build/test --fast

## faults: faults on real engines, and all that `make test` only samples; SEED=N repeats a run, LIMIT=SECONDS (3600) bounds the drawn plan, less also leaves out the long end-to-end parts; writes docs/faults.md
faults:
	@build/faults "$(SEED)" "$(LIMIT)"

## security: every port judged by testssl.sh, secrets searched for everywhere; writes docs/security-scan.md
security:
	@build/security

## bench: measure creates, changes and load against the bare engine, the provider, and the service with up to 10,000 instances; writes docs/benchmarks.md
bench:
	@build/bench

## build: compile everything, warnings are errors
build:
	@build/pulumi-packages
	@dotnet build Dbaas.Provider.sln -c Release -nologo -v quiet

## publish: compile what runs into artifacts/publish, only what changed
publish:
	@build/publish

## catalogue: read an engine's parameters from the engine itself; ENGINE=postgresql VERSION=18 writes engines/postgresql/18/catalogue.json
catalogue:
	@build/catalogue "$(ENGINE)" "$(VERSION)"

## dist: plugin archives, Terraform zips, SDK package, platform archive, checksums and bill of materials into artifacts/dist
dist:
	@build/dist

## format: let the formatter have its way
format:
	@dotnet tool restore >/dev/null
	@dotnet csharpier format .

## audit: ask the advisory feeds about every package, where they can be reached
audit:
	@dotnet restore Dbaas.Provider.sln --force -p:NuGetAudit=true -p:NuGetAuditMode=all -p:NuGetAuditLevel=low

help:
	@sed -n 's/^## /  make /p' $(MAKEFILE_LIST)
