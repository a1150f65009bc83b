/** How to log in: exactly one way (driver spec §1.1, §2). */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string; readonly scope: PasswordScope }
  | { readonly kind: 'application_credential'; readonly id: string; readonly secret: string }
  | { readonly kind: 'v2'; readonly username: string; readonly password: string; readonly tenant: string }

/** Project and domains of a v3 password login. */
export interface PasswordScope {
  readonly project: { readonly id: string } | { readonly name: string }
  readonly userDomain: string
  readonly projectDomain: string
}

/** `connection_options`, checked (driver spec §3.3). */
export interface ConnectionOptions {
  /** PEM text. */
  readonly caCert: string | undefined
  readonly sslVerifyPeer: boolean
  readonly connectTimeoutMs: number
  readonly readTimeoutMs: number
  readonly writeTimeoutMs: number
  /** URL. Wins over the environment's. */
  readonly proxy: string | undefined
}

/** The services an endpoint can be overridden for, named as in the catalog. */
export type ServiceName = 'identity' | 'compute' | 'image' | 'network' | 'block-storage' | 'load-balancer'

/** The driver's configuration: file and call merged, checked, defaults filled in (driver spec §1.1). */
export interface OpenStackConfig {
  /** Without version and trailing slash. */
  readonly authUrl: string
  readonly credentials: Credentials
  readonly region: string | undefined
  readonly endpointType: 'public' | 'internal' | 'admin'
  readonly endpointOverrides: Readonly<Partial<Record<ServiceName, string>>>
  readonly stateTimeoutMs: number
  readonly pollIntervalMs: number
  readonly rateLimitTimeoutMs: number
  readonly requestRetries: number
  readonly connection: ConnectionOptions
  readonly bootFromVolume: boolean
  readonly stemcellPublicVisibility: boolean
  /** Upload stemcells through Glance's import, in which the cloud may convert them. */
  readonly stemcellImport: boolean
  readonly defaultKeyName: string | undefined
  readonly defaultSecurityGroups: readonly string[]
  readonly defaultVolumeType: string | undefined
  readonly defaultRootVolumeType: string | undefined
  readonly configDrive: 'disk' | 'cdrom' | undefined
  readonly useDhcp: boolean
  readonly ignoreServerAvailabilityZone: boolean
  readonly humanReadableVmNames: boolean
  /** undefined: never force. */
  readonly forceHardRebootAfterMs: number | undefined
  readonly tagResources: boolean
  readonly loadBalancerApi: 'auto' | 'octavia' | 'neutron'
  readonly novaMicroversionMax: string | undefined
}
