import type { CreateStemcell, CreateVm, NetworkDefinition } from '../../contract/cpi.ts'
import { CpiError, isCpiError } from '../../errors/cpi-error.ts'
import { type NetworkCid, type StemcellCid, stemcellCid } from '../../model/cid.ts'
import { listIn, type Mistake } from './mistake.ts'

/** Mistakes in the methods for stemcells and networks, and across methods. */
export const otherMistakes: readonly Mistake[] = [
  {
    name: 'ok_to_retry is always true',
    foundBy: 'a create_vm that cannot',
    change: ({ createVm, attachDisk }) => {
      const retriable = (error: unknown): never => {
        throw isCpiError(error) ? new CpiError(error.code, error.message, { okToRetry: true, cause: error }) : error
      }
      return {
        createVm: (request: CreateVm) => createVm(request).catch(retriable),
        attachDisk: (...values: Parameters<typeof attachDisk>) => attachDisk(...values).catch(retriable),
      }
    },
  },
  {
    name: 'every failure is a CloudError',
    foundBy: 'reboot_vm answers null',
    change: ({ attachDisk, rebootVm }) => {
      const generic = ({ message }: Error): never => {
        throw new Error(message)
      }
      return {
        attachDisk: (...values: Parameters<typeof attachDisk>) => attachDisk(...values).catch(generic),
        rebootVm: (...values: Parameters<typeof rebootVm>) => rebootVm(...values).catch(generic),
      }
    },
  },
  {
    name: 'create_stemcell adopts an earlier stemcell',
    foundBy: 'create_stemcell makes a',
    change: ({ createStemcell }, { memory }) => ({
      createStemcell: async (request: CreateStemcell) => {
        const made = listIn<StemcellCid>(memory, 'made')
        if (made[0] === undefined) made.push(await createStemcell(request))
        return made[0]
      },
    }),
  },
  {
    name: 'create_stemcell answers before it has read the image',
    foundBy: 'create_stemcell needs the',
    needsImage: true,
    change: ({ createStemcell, createVm }, { memory }) => ({
      createStemcell: async (request: CreateStemcell) => {
        const later = stemcellCid(`later-${memory.size}`)
        memory.set(later, request)
        return later
      },
      createVm: async (request: CreateVm) => {
        const later = memory.get(request.stemcell) as CreateStemcell | undefined
        if (later === undefined) return await createVm(request)
        return await createVm({ ...request, stemcell: await createStemcell(later) })
      },
    }),
  },
  {
    name: 'create_stemcell fails for the tags of API version 3',
    foundBy: 'create_stemcell takes the',
    change: ({ createStemcell }) => ({
      createStemcell: async (request: CreateStemcell) => {
        if (Object.keys(request.tags).length > 0) throw new Error('three arguments')
        return await createStemcell(request)
      },
    }),
  },
  {
    name: 'delete_stemcell fails for a stemcell that does not exist',
    foundBy: 'create_stemcell makes a',
    change: ({ deleteStemcell }, { memory, harness }) => ({
      deleteStemcell: async (stemcell: StemcellCid) => {
        if (memory.has(stemcell) || stemcell === harness.missingCid) throw new Error('404')
        memory.set(stemcell, 'deleted')
        await deleteStemcell(stemcell)
      },
    }),
  },
  {
    name: 'the name of a method is misspelt',
    foundBy: 'get_disks names the',
    needs: 'get_disks',
    change: ({ getDisks }) => ({ getDisks: undefined, getdisks: getDisks }),
  },
  {
    name: 'delete_network fails for a network that does not exist',
    foundBy: 'create_network makes a',
    needs: 'networks',
    change: ({ deleteNetwork }, { memory }) => ({
      deleteNetwork: async (network: NetworkCid) => {
        if (memory.has(network)) throw new Error('404')
        memory.set(network, 'deleted')
        await deleteNetwork(network)
      },
    }),
  },
  {
    name: 'delete_network does nothing',
    foundBy: 'create_network makes a',
    needs: 'networks',
    change: () => ({ deleteNetwork: async () => undefined }),
  },
  {
    name: 'create_network answers no reserved addresses',
    foundBy: 'create_network makes a',
    needs: 'networks',
    change: ({ createNetwork }) => ({
      createNetwork: async (definition: NetworkDefinition) => ({
        ...(await createNetwork(definition)),
        reserved: undefined,
      }),
    }),
  },
]
