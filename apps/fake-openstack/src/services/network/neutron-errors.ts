import { ApiError } from '../../kernel/api-error.ts'

/** A refusal with the name of Neutron's exception. */
export const neutronError = (status: number, type: string, message: string): ApiError =>
  new ApiError(status, message, { type })

/** A request whose form is wrong. */
export const malformed = (message: string): ApiError => neutronError(400, 'HTTPBadRequest', message)

/** A request whose form is right and whose content is not: `Bad port request: …`. */
export const badResourceRequest = (resource: string, message: string): ApiError =>
  neutronError(400, 'BadRequest', `Bad ${resource} request: ${message}.`)

/** `Invalid input for fixed_ips. Reason: …` */
export const invalidInput = (attribute: string, reason: string): ApiError =>
  malformed(`Invalid input for ${attribute}. Reason: ${reason}.`)

/** An operation whose input makes no sense together; Neutron's `InvalidInput`. */
export const inconsistentInput = (reason: string): ApiError =>
  neutronError(400, 'InvalidInput', `Invalid input for operation: ${reason}.`)

/** Neutron fails over a request, and says nothing of why. */
export const internalError = (): ApiError =>
  neutronError(500, 'HTTPInternalServerError', 'Request Failed: internal server error while processing your request.')

/** An id as Neutron's older front end repeats it: it takes each byte for a character. */
export const latin1 = (id: string): string => Buffer.from(id, 'utf8').toString('latin1')

export const networkNotFound = (id: string): ApiError =>
  neutronError(404, 'NetworkNotFound', `Network ${id} could not be found.`)

export const subnetNotFound = (id: string): ApiError =>
  neutronError(404, 'SubnetNotFound', `Subnet ${id} could not be found.`)

export const portNotFound = (id: string): ApiError =>
  neutronError(404, 'PortNotFound', `Port ${id} could not be found.`)

export const securityGroupNotFound = (id: string): ApiError =>
  neutronError(404, 'SecurityGroupNotFound', `Security group ${id} does not exist`)

export const routerNotFound = (id: string): ApiError =>
  neutronError(404, 'RouterNotFound', `Router ${id} could not be found`)

export const floatingIpNotFound = (id: string): ApiError =>
  neutronError(404, 'FloatingIPNotFound', `Floating IP ${id} could not be found`)

export const addressTaken = (address: string, subnetId: string): ApiError =>
  neutronError(409, 'IpAddressAlreadyAllocated', `IP address ${address} already allocated in subnet ${subnetId}`)

export const overQuota = (resource: string): ApiError =>
  neutronError(409, 'OverQuota', `Quota exceeded for resources: ['${resource}'].`)
