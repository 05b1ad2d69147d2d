// Everything that holds data, reached only from within the network.
param location string
param tags object
param prefix string
param subnetId string
param zoneIds object
param hostStorageId string
param queueStorageId string
param blobStorageId string
param postgresId string
param vaultId string
param configurationId string

var targets = [
  { name: 'host-blob', id: hostStorageId, part: 'blob', zoneId: zoneIds.blob }
  { name: 'queues', id: queueStorageId, part: 'queue', zoneId: zoneIds.queue }
  { name: 'files', id: blobStorageId, part: 'blob', zoneId: zoneIds.blob }
  { name: 'postgres', id: postgresId, part: 'postgresqlServer', zoneId: zoneIds.postgres }
  { name: 'vault', id: vaultId, part: 'vault', zoneId: zoneIds.vault }
  { name: 'configuration', id: configurationId, part: 'configurationStores', zoneId: zoneIds.configuration }
]

// One by one: PostgreSQL refuses a change while another runs.
@batchSize(1)
module endpoint 'private_endpoint.bicep' = [
  for target in targets: {
    params: {
      location: location
      tags: tags
      name: '${prefix}-pe-${target.name}'
      subnetId: subnetId
      targetId: target.id
      groupId: target.part
      zoneId: target.zoneId
    }
  }
]
