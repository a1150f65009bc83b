import { logLevelVariable } from './config/log-level-variable.ts'

export const helpOfTheCpiCall = `
The CPI call: openstack-cpi <config.json> [<ca.pem>]
  Reads one JSON request from stdin, writes one JSON answer to stdout and its log to stderr.
  Exit code 0, also when the answer is an error; 1 only if stdout takes no answer.
  ${logLevelVariable} sets the log level: debug, info (default), warn or error. At debug every
  API request is logged, without secrets.

Example:
  echo '{"method":"info","arguments":[],"context":{"director_uuid":"x"}}' | openstack-cpi cpi.json
`

export const examplesOfCall = `
Examples:
  openstack-cpi call has_vm 4b2c7e0f-5a3d-4c55-8a43-2f0d0c5b6a11 --config cpi.json
  openstack-cpi call create_disk 1024 '{"type":"ssd"}' --config cpi.json --trace
  openstack-cpi call info --config cpi.json --json

Exit code: 0, or 1 if the answer is an error.
`

export const examplesOfDoctor = `
Examples:
  openstack-cpi doctor --config cpi.json --cloud-config cloud-config.yml --vms 20
  openstack-cpi doctor --config cpi.json --flavor m1.small --network 8bc3eae6-e2ab-4d18-a905-b092ed48c85a --deep
  openstack-cpi doctor --config cpi.json --json

Exit code: 0 if there is no problem (warnings do not count), 1 if there is one, 2 if the check could not run.
`

export const examplesOfLeftovers = `
Examples:
  openstack-cpi leftovers --config cpi.json
  openstack-cpi leftovers --config cpi.json --older-than 1d --json
  openstack-cpi leftovers --config cpi.json --director 5f1b2c8e-6f0e-4c7a-9d1b-3a5b7c9d1e2f --delete

Exit code: 0 if nothing is left, 1 if something is (listed, or not to be deleted), 2 if the search could not run.
`

export const examplesOfConfig = `
Examples:
  openstack-cpi config --config cpi.json --context '{"region":"RegionTwo"}'
  openstack-cpi config --from-clouds-yaml ~/.config/openstack/clouds.yaml --cloud bosh > cpi.json
  openstack-cpi config --from-openrc openrc > cpi.json
  openstack-cpi config --config cpi.json --to openrc > openrc

An openrc is read, never run. Conversions print the secrets of the login, as they must; nothing else does.
Exit code: 0 if the CPI can use the configuration, 1 if not, 2 if it could not be read.
`

export const examplesOfCompletion = `
Examples:
  source <(openstack-cpi completion bash)
  openstack-cpi completion zsh > "\${fpath[1]}/_openstack-cpi"
  openstack-cpi completion fish > ~/.config/fish/completions/openstack-cpi.fish
`
