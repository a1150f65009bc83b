/** Names tests of one file in the way of the rules: `path › name`. */
export const testsOf =
  (file: string) =>
  (name: string): string =>
    `${file} › ${name}`

const methods = 'packages/openstack-driver/src/methods'

/** Names tests of one method of the driver, for example `attach-disk`. */
export const testsOfMethod = (method: string) => testsOf(`${methods}/${method}.test.ts`)

/** Names tests of one plan of the driver, for example `disk-plan`. */
export const testsOfPlan = (plan: string) => testsOf(`packages/openstack-driver/src/planning/${plan}.test.ts`)

/** Names tests of one service of the fake, for example `network/ports`. */
export const testsOfFake = (file: string) => testsOf(`apps/fake-openstack/src/${file}.test.ts`)
