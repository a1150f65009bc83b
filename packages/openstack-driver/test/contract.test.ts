import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeCpiContract, describeCpiMistakes } from '@openstack-cpi/cpi-core/testing'
import { afterAll, beforeAll } from 'vitest'
import { openStackContractHarness } from './openstack-contract-harness.ts'
import { stemcellImage } from './stemcell-archive.ts'

const imagePath = join(tmpdir(), `stemcell-${process.pid}-${Date.now()}`)
beforeAll(async () => writeFile(imagePath, await stemcellImage('a disk')))
afterAll(() => rm(imagePath))

describeCpiContract('OpenStack', () => openStackContractHarness(imagePath))
describeCpiMistakes('OpenStack', () => openStackContractHarness(imagePath))
