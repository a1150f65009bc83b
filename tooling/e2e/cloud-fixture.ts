import type { Director } from '@openstack-cpi/harness/director'
import { SuiteCloud } from '@openstack-cpi/harness/suite-cloud'
import type { Inventory } from '@openstack-cpi/harness/tenant'
import { afterAll, beforeAll, expect, inject } from 'vitest'

/** The cloud, and a director with its usual configuration. */
export type CloudFixture = SuiteCloud & { readonly director: Director }

/**
 * Gives a test file its cloud, and fails the file when the tenant afterwards does not hold exactly what it held
 * before.
 */
export function useCloud(): () => CloudFixture {
  let fixture: CloudFixture | undefined
  let before: Inventory | undefined

  beforeAll(async () => {
    const cloud = await SuiteCloud.open(inject('descriptionFile'))
    before = await cloud.view.inventory()
    fixture = Object.assign(cloud, { director: await cloud.directorWith() })
  })
  afterAll(async () => {
    await fixture?.close()
    expect(await fixture?.view.inventory()).toEqual(before)
  })
  return () => {
    if (!fixture) throw new Error('the cloud is there only inside tests')
    return fixture
  }
}
