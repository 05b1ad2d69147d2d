// RentACar in Azure: one resource group for one environment. `python3 dev.py` knows nothing of it;
// docs/operations/deploy.md tells how it is used.
//
// No secret is a parameter or an output. Identities sign in with tokens; the vault's secrets are set
// by an operator, beside all this.
targetScope = 'subscription'

@minLength(2)
@maxLength(12)
@description('Names everything: dev, prod, prod-eu, …')
param environmentName string
param location string
@description('The pages\' region; Static Web Apps is not to be had everywhere.')
param siteLocation string
@allowed(['dev', 'prod'])
@description('How large, how safe and how closed; infra/profiles has the figures.')
param profile string

@description('The pipeline\'s identity: PostgreSQL\'s administrator, who migrates.')
param deployerObjectId string
param deployerName string
@allowed(['ServicePrincipal', 'User', 'Group'])
param deployerType string = 'ServicePrincipal'

param alertEmail string
param runbooksUrl string
param oidcIssuer string
param oidcAudience string
param oidcWebClientId string
param oidcWebScope string
param stripePublishableKey string
param smtpHost string
param smtpUsername string
param emailFrom string
@description('A domain whose zone is kept here; empty: the platform\'s own name.')
param customDomain string = ''
@description('The first of the month of the first deployment, 2026-01-01; a budget\'s start cannot change.')
param budgetStart string
@description('Feature flags to write with their declared state; * is all of them.')
param flagsToWrite string[] = []

var size = profile == 'prod' ? loadJsonContent('profiles/prod.json') : loadJsonContent('profiles/dev.json')
var prefix = 'rentacar-${environmentName}'
// Names that the whole of Azure shares.
var token = uniqueString(subscription().id, environmentName)
var tags = { 'azd-env-name': environmentName, system: 'rentacar' }
var isPublic = !size.privateNetwork
var hasFrontDoor = !empty(size.frontDoorSku)

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: '${prefix}-rg'
  location: location
  tags: tags
}

module identities 'app/identities.bicep' = {
  scope: group
  params: { location: location, tags: tags, prefix: prefix }
}

module site 'app/static_web_app.bicep' = {
  scope: group
  params: { location: siteLocation, tags: tags, prefix: prefix }
}

module network 'app/network.bicep' = if (size.privateNetwork) {
  scope: group
  params: { location: location, tags: tags, prefix: prefix }
}

module monitoring 'app/monitoring.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    prefix: prefix
    retentionDays: size.logRetentionDays
    alertEmail: alertEmail
  }
}

module waf 'app/waf.bicep' = if (hasFrontDoor) {
  scope: group
  params: { tags: tags, prefix: prefix, sku: size.frontDoorSku }
}

module frontDoor 'app/front_door.bicep' = if (hasFrontDoor) {
  scope: group
  params: {
    tags: tags
    prefix: prefix
    sku: size.frontDoorSku
    siteHost: site.outputs.host
    wafPolicyId: waf!.outputs.id
    customDomain: customDomain
    workspaceId: monitoring.outputs.workspaceId
  }
}

var publicHost = hasFrontDoor ? frontDoor!.outputs.host : site.outputs.host

module hostStorage 'app/storage_host.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: 'rch${token}'
    sku: size.storageSku
    isPublic: isPublic
    workspaceId: monitoring.outputs.workspaceId
  }
}

module queueStorage 'app/storage_queues.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: 'rcq${token}'
    sku: size.storageSku
    isPublic: isPublic
    workspaceId: monitoring.outputs.workspaceId
  }
}

module blobStorage 'app/storage_blobs.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: 'rcf${token}'
    sku: size.storageSku
    isPublic: isPublic
    workspaceId: monitoring.outputs.workspaceId
  }
}

module postgres 'app/postgres.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: '${prefix}-${token}-pg'
    sku: size.postgres.sku
    tier: size.postgres.tier
    storageGB: size.postgres.storageGB
    highAvailability: size.postgres.highAvailability
    geoRedundantBackup: size.postgres.geoRedundantBackup
    backupRetentionDays: size.postgres.backupRetentionDays
    pgBouncer: size.postgres.pgBouncer
    isPublic: isPublic
    administratorObjectId: deployerObjectId
    administratorName: deployerName
    administratorType: deployerType
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'app/key_vault.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: 'rcv-${token}'
    isPublic: isPublic
    workspaceId: monitoring.outputs.workspaceId
  }
}

module configuration 'app/app_configuration.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: '${prefix}-${token}-conf'
    isPublic: isPublic
    flagsToWrite: flagsToWrite
    workspaceId: monitoring.outputs.workspaceId
  }
}

module privateEndpoints 'app/private_endpoints.bicep' = if (size.privateNetwork) {
  scope: group
  params: {
    location: location
    tags: tags
    prefix: prefix
    subnetId: network!.outputs.endpointsSubnetId
    zoneIds: network!.outputs.zoneIds
    hostStorageId: hostStorage.outputs.id
    queueStorageId: queueStorage.outputs.id
    blobStorageId: blobStorage.outputs.id
    postgresId: postgres.outputs.id
    vaultId: vault.outputs.id
    configurationId: configuration.outputs.id
  }
}

module roles 'app/roles.bicep' = {
  scope: group
  params: {
    hostPrincipalId: identities.outputs.ids.hostPrincipalId
    hostStorageName: hostStorage.outputs.name
    queueStorageName: queueStorage.outputs.name
    blobStorageName: blobStorage.outputs.name
    containerNames: blobStorage.outputs.containerNames
    vaultName: vault.outputs.name
    configurationName: configuration.outputs.name
    insightsName: monitoring.outputs.insightsName
  }
}

module functions 'app/functions.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: '${prefix}-${token}'
    subnetId: size.privateNetwork ? network!.outputs.functionsSubnetId : ''
    maximumInstances: size.maximumInstances
    memoryMB: size.instanceMemoryMB
    alwaysReady: size.alwaysReady
    identities: identities.outputs.ids
    packagesUrl: hostStorage.outputs.packagesUrl
    hostStorageName: hostStorage.outputs.name
    queueServiceUri: queueStorage.outputs.queueServiceUri
    blobServiceUri: blobStorage.outputs.blobServiceUri
    databaseHost: postgres.outputs.host
    databasePort: postgres.outputs.port
    databaseName: postgres.outputs.database
    keyVaultUrl: vault.outputs.url
    appConfigurationEndpoint: configuration.outputs.endpoint
    insightsConnectionString: monitoring.outputs.connectionString
    workspaceId: monitoring.outputs.workspaceId
    publicBaseUrl: 'https://${publicHost}'
    oidcIssuer: oidcIssuer
    oidcAudience: oidcAudience
    oidcWebClientId: oidcWebClientId
    oidcWebScope: oidcWebScope
    stripePublishableKey: stripePublishableKey
    smtpHost: smtpHost
    smtpUsername: smtpUsername
    emailFrom: emailFrom
  }
  // The host reads its package and leases with these rights, through these endpoints.
  dependsOn: [roles, privateEndpoints]
}

module backend 'app/linked_backend.bicep' = {
  scope: group
  params: {
    siteName: site.outputs.name
    functionAppId: functions.outputs.id
    region: location
  }
}

module availability 'app/availability_test.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    prefix: prefix
    insightsId: monitoring.outputs.insightsId
    url: 'https://${publicHost}/api/health/ready'
  }
}

module alerts 'app/alerts.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    prefix: prefix
    workspaceId: monitoring.outputs.workspaceId
    insightsId: monitoring.outputs.insightsId
    actionGroupId: monitoring.outputs.actionGroupId
    availabilityTestId: availability.outputs.id
    postgresId: postgres.outputs.id
    runbooksUrl: runbooksUrl
  }
}

module workbook 'app/workbook.bicep' = {
  scope: group
  params: { location: location, tags: tags, workspaceId: monitoring.outputs.workspaceId }
}

module budget 'app/budget.bicep' = {
  scope: group
  params: { prefix: prefix, amount: size.monthlyBudget, alertEmail: alertEmail, startDate: budgetStart }
}

// What the hooks and the pipeline need (infra/delivery): names and addresses.
output PUBLIC_BASE_URL string = 'https://${publicHost}'
output KEY_VAULT_URL string = vault.outputs.url
output POSTGRES_HOST string = postgres.outputs.host
output POSTGRES_DATABASE string = postgres.outputs.database
output POSTGRES_ADMINISTRATOR string = deployerName
output RENT_PRINCIPAL_ID string = identities.outputs.ids.rentPrincipalId
output PAYMENT_PRINCIPAL_ID string = identities.outputs.ids.paymentPrincipalId
output EMAIL_PRINCIPAL_ID string = identities.outputs.ids.emailPrincipalId
output FRONT_DOOR_ID string = hasFrontDoor ? frontDoor!.outputs.id : ''
