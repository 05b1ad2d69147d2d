// What cannot be had back by deploying again is locked against deletion, by an owner and apart from
// main.bicep (docs/operations/deploy.md): only owners may lock, so the pipeline that could be told to
// delete cannot be told to unlock. Not the whole group: locks are inherited, and would stand in the
// way of removing an alert.
param postgresName string
param vaultName string
param queueStorageName string
param blobStorageName string

resource postgres 'Microsoft.DBforPostgreSQL/flexibleServers@2025-08-01' existing = {
  name: postgresName
}
resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = { name: vaultName }
resource queueStorage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: queueStorageName
}

resource blobStorage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: blobStorageName
}

resource database 'Microsoft.Authorization/locks@2020-05-01' = {
  scope: postgres
  name: 'keep'
  properties: { level: 'CanNotDelete', notes: 'Rentals and payments.' }
}

resource secrets 'Microsoft.Authorization/locks@2020-05-01' = {
  scope: vault
  name: 'keep'
  properties: { level: 'CanNotDelete', notes: 'Links in sent e-mails end with the key.' }
}

resource messages 'Microsoft.Authorization/locks@2020-05-01' = {
  scope: queueStorage
  name: 'keep'
  properties: { level: 'CanNotDelete', notes: 'Messages on their way.' }
}

resource files 'Microsoft.Authorization/locks@2020-05-01' = {
  scope: blobStorage
  name: 'keep'
  properties: { level: 'CanNotDelete', notes: 'Agreements and invoices: the law keeps them.' }
}
