// Who may do what. Every assignment names one resource and the least role that the code needs.
param hostPrincipalId string
param hostStorageName string
param queueStorageName string
param blobStorageName string
param containerNames array
param vaultName string
param configurationName string
param insightsName string

// Built-in roles, by the ids that every tenant shares.
var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var queueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'
var configurationDataOwner = '5ae67dd6-50cb-40e7-96ff-dc2bfa4b606b'
var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource hostStorage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: hostStorageName
}
resource queueStorage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: queueStorageName
}
resource containers 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' existing = [
  for name in containerNames: { name: '${blobStorageName}/default/${name}' }
]
resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = { name: vaultName }
resource configuration 'Microsoft.AppConfiguration/configurationStores@2024-06-01' existing = {
  name: configurationName
}
resource insights 'Microsoft.Insights/components@2020-02-02' existing = { name: insightsName }

// The host keeps its package, leases, keys and timers' states in blobs. Queues and tables of that
// account are nobody's: there are none.
resource hostBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: hostStorage
  name: guid(hostStorage.id, hostPrincipalId, blobDataOwner)
  properties: {
    principalId: hostPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataOwner)
  }
}

// Contributor and not Message Processor: the trigger also moves messages to poison queues, looks
// them up by name, and the readiness check lists them.
resource queueMessages 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: queueStorage
  name: guid(queueStorage.id, hostPrincipalId, queueDataContributor)
  properties: {
    principalId: hostPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', queueDataContributor)
  }
}

// Contributor and not Owner: files are read, written and deleted; nobody's rights are changed. On
// each container and not the account: one that somebody adds is not ours.
resource files 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, i) in containerNames: {
    scope: containers[i]
    name: guid(containers[i].id, hostPrincipalId, blobDataContributor)
    properties: {
      principalId: hostPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    }
  }
]

resource secrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, hostPrincipalId, secretsUser)
  properties: {
    principalId: hostPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
  }
}

// Owner and not Reader: operators switch flags through our own API.
resource flags 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: configuration
  name: guid(configuration.id, hostPrincipalId, configurationDataOwner)
  properties: {
    principalId: hostPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', configurationDataOwner)
  }
}

resource telemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, hostPrincipalId, metricsPublisher)
  properties: {
    principalId: hostPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisher)
  }
}
