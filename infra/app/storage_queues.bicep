// The queues between the functions, each with its poison queue. The host would make a poison queue
// at the first poison message; made here, its depth can be watched from the first day.
param location string
param tags object
param name string
param sku string
param isPublic bool
param workspaceId string

var queueNames = [
  'payment-requests'
  'payment-requests-poison'
  'payment-results'
  'payment-results-poison'
  'email-requests'
  'email-requests-poison'
  'document-requests'
  'document-requests-poison'
]

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPublic ? 'Enabled' : 'Disabled'
    networkAcls: { bypass: 'None', defaultAction: isPublic ? 'Allow' : 'Deny' }
  }

  resource queues 'queueServices' = {
    name: 'default'

    resource queue 'queues' = [for queueName in queueNames: { name: queueName }]
  }
}

// Reads are left out: the host polls every two seconds, and each poll would be a row.
resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: account::queues
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'StorageDelete', enabled: true }]
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

output id string = account.id
output name string = account.name
output queueServiceUri string = account.properties.primaryEndpoints.queue
