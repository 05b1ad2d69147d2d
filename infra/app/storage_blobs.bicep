// The files: agreements, invoices, photos of cars. An account of its own: the right to write them is
// no right over the host's package, and what a renter signed is kept apart from what comes and goes.
param location string
param tags object
param name string
param sku string
param isPublic bool
param workspaceId string

// shared/blobs.py knows the same names.
var containerNames = [
  'documents'
  'photos'
]

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false // a file is read through the API, which asks who reads
    allowSharedKeyAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPublic ? 'Enabled' : 'Disabled'
    networkAcls: { bypass: 'None', defaultAction: isPublic ? 'Allow' : 'Deny' }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      // What was deleted by mistake can be had again for a week; what a renter asked to erase is
      // gone after it. No versions: they would outlive the erasure.
      deleteRetentionPolicy: { enabled: true, days: 7 }
      // The right to write files includes the container's deletion, which no lock stops.
      containerDeleteRetentionPolicy: { enabled: true, days: 7 }
      isVersioningEnabled: false
    }

    resource containers 'containers' = [
      for containerName in containerNames: {
        name: containerName
        properties: { publicAccess: 'None' }
      }
    ]
  }
}

// Reads too: these files name people.
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account::blobs
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'StorageRead', enabled: true }
      { category: 'StorageWrite', enabled: true }
      { category: 'StorageDelete', enabled: true }
    ]
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

output id string = account.id
output name string = account.name
output containerNames array = containerNames
output blobServiceUri string = account.properties.primaryEndpoints.blob
