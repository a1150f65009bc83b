export {
  diskCloudPropertyDocs,
  managedNetworkCloudPropertyDocs,
  networkCloudPropertyDocs,
  stemcellCloudPropertyDocs,
  vmCloudPropertyDocs,
} from './documentation/cloud-property-docs.ts'
export { propertyDocs } from './documentation/config-property-docs.ts'
export type { PropertyDoc } from './documentation/property-doc.ts'
