import { ApiError, forbidden } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { ByRelease } from '../../kernel/release.ts'

/** How far Glance looks into what is uploaded. */
export type ContentInspection = 'none' | 'format' | 'format and partitions'

/** What differs between Glance's releases. */
interface ImageRules {
  /** Minor versions in the order in which they are listed; 2.14 and 2.16 were never released. */
  readonly minorVersions: readonly number[]
  readonly currentMinor: number
  /** Refusal of a change by a project that only sees the image. */
  readonly notOwner: (policy: string) => ApiError
  /** Refusal of a member's answer by another project than the member. */
  readonly notTheMember: (imageId: string) => ApiError
  /** The owner of an image who answers for a member is refused before the member is looked up. */
  readonly refusesOwnerFirst: boolean
  /** Refusal of an image for another project. */
  readonly otherOwner: (owner: string) => ApiError
  readonly inspection: ContentInspection
  /** Refusal of a media type, and of content that is not what the image's disk_format says; later with the reason. */
  readonly otherMediaType: (type: string, problem: string, headers?: Record<string, string>) => ApiError
  /** A token without a project may not list images. */
  readonly refusesUnscopedTokens: boolean
}

const byPolicy = (policy: string): ApiError => forbidden(`You are not authorized to complete ${policy} action.`)

const notSupported = (type: string): string => `The request media type ${type} is not supported by this server.`

/** The reason is in the service's log only. */
const withoutReason: ImageRules['otherMediaType'] = (type, _problem, headers = {}) =>
  new ApiError(415, notSupported(type), { headers })

const withReason: ImageRules['otherMediaType'] = (type, problem, headers = {}) =>
  new ApiError(415, problem, { explanation: notSupported(type), headers })

const since2025: Omit<ImageRules, 'inspection' | 'otherMediaType'> = {
  minorVersions: [15, 13, 12, 11, 10, 9, 8, 17, 7, 6, 5, 4, 3, 2, 1, 0],
  currentMinor: 17,
  refusesUnscopedTokens: true,
  notOwner: byPolicy,
  notTheMember: () => byPolicy('modify_member'),
  refusesOwnerFirst: false,
  otherOwner: (owner) =>
    new ApiError(403, `You are not permitted to create images owned by '${owner}'`, {
      explanation: 'Access was denied to this resource.',
    }),
}

const rules: ByRelease<ImageRules> = {
  // Glance 25
  zed: {
    minorVersions: [15, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    currentMinor: 15,
    notOwner: () => new ApiError(403, 'You do not own this image'),
    notTheMember: (imageId) => forbidden(`Not allowed to update members for image ${imageId}.`),
    refusesOwnerFirst: true,
    otherOwner: (owner) => new ApiError(403, `You are not permitted to create images owned by '${owner}'.`),
    inspection: 'none',
    otherMediaType: withoutReason,
    refusesUnscopedTokens: false,
  },
  // Glance 30
  '2025.1': { ...since2025, inspection: 'format', otherMediaType: withoutReason },
  // Glance 33
  '2026.2': { ...since2025, inspection: 'format and partitions', otherMediaType: withReason },
}

export const rulesOf = (call: Call): ImageRules => rules[call.context.settings.release]
