import type { SpecRule } from './rule.ts'
import { testsOf } from './tests-of.ts'

const doctor = testsOf('apps/cli/test/doctor.test.ts')
const deep = testsOf('apps/cli/test/doctor-deep.test.ts')
const faults = testsOf('apps/cli/test/doctor-faults.test.ts')
/** One row for each fault of networks, groups and addresses, in `doctor-network-faults.ts`. */
const networkFault = faults('§11 $name')
const onEitherCloud = testsOf('tooling/e2e/suite/doctor.test.ts')

/** §11 of the driver's specification. */
export const preflight: readonly SpecRule[] = [
  {
    rule: 'A project that is fit has no problem, and nothing is left of the examination.',
    tests: [
      doctor('ends with 0 and a verdict when nothing is wrong'),
      onEitherCloud('finds the project of user bosh fit, whole life cycle included, and leaves nothing'),
    ],
  },
  {
    rule: 'Each problem says why it matters and how to mend it.',
    tests: [
      doctor('ends with 1 when there is a problem, and says why it matters and how to mend it'),
      onEitherCloud('names what is wrong, each with its remedy'),
    ],
  },
  {
    rule: 'The login is checked: credentials, project, roles, the life of tokens, the clocks, TLS.',
    tests: [
      faults('wrong password'),
      faults('role reader only'),
      doctor('driver spec §11 a certificate of an unknown authority is named, with what to set'),
    ],
  },
  {
    rule: 'The catalog is checked for the services that BOSH needs, in the region and by the interface that are configured.',
    tests: [faults('unknown region'), faults('missing service')],
  },
  {
    rule: 'The versions are checked.',
    tests: [faults('Nova that is too old for volume types of root disks')],
  },
  {
    rule: 'Flavors must exist, be enabled, and have disks that the agent can use.',
    tests: [faults('missing flavor'), faults('flavor whose ephemeral disk is too small for its memory')],
  },
  { rule: 'The key pair must exist.', tests: [faults('missing key pair')] },
  {
    rule: 'Networks must be there, be usable, and offer what the configuration builds on.',
    tests: [networkFault, doctor('looks at what a cloud config names')],
  },
  {
    rule: 'Security groups must exist under one name only, and open the ports of SSH, the agent and the director.',
    tests: [networkFault],
  },
  {
    rule: 'Quotas must have room for the VMs that are wanted.',
    tests: [
      faults('tight quota of instances'),
      faults('tight quotas of ports and volumes'),
      faults('tight quota of volumes'),
    ],
  },
  {
    rule: 'The zones of Nova and Cinder must match.',
    tests: [faults('zones that Cinder does not know'), faults('zone that Nova does not know')],
  },
  { rule: 'Floating IPs must be allocated to the project.', tests: [networkFault] },
  { rule: 'A hundred quick requests show a rate limit.', tests: [faults('rate limit')] },
  {
    rule: 'On demand a stemcell, a VM, a disk and a snapshot go through their life, and nothing is left.',
    tests: [
      deep('--deep takes a stemcell, a VM and a disk through their life and leaves nothing'),
      deep('--deep removes what it made when %s refuses %s'),
      deep('--deep, interrupted after %s, removes what it made'),
    ],
  },
  {
    rule: 'It is checked how VMs get their settings: from the metadata service, which needs DHCP and a gateway, or from a config drive.',
    tests: [networkFault, deep('--deep takes a stemcell, a VM and a disk through their life and leaves nothing')],
  },
  { rule: 'Volume types must exist.', tests: [faults('unknown volume type')] },
  {
    rule: 'Servers must take the metadata that the director writes, in number and in keys.',
    tests: [faults('few metadata items'), faults('metadata refused')],
  },
]
