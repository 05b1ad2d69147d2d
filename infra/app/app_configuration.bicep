// Feature flags, as shared/features.py declares them (a test compares the two).
//
// A flag is written only when it is named in `flagsToWrite`: a deployment that wrote all of them
// every time would switch on again what an operator switched off during an incident. '*' is for the
// first provisioning.
param location string
param tags object
param name string
param isPublic bool
param flagsToWrite string[]
param workspaceId string

var flags = [
  { name: 'bookings', enabled: true, description: 'Off: no new booking is taken.' }
  {
    name: 'payments'
    enabled: true
    description: 'Off: nothing is charged online; the renter pays at the counter.'
  }
  { name: 'pix', enabled: true, description: 'Pix is offered.' }
  { name: 'boleto', enabled: true, description: 'Boleto is offered.' }
  { name: 'instalments', enabled: false, description: 'Cards may pay in instalments.' }
  {
    name: 'email-smtp'
    enabled: false
    description: 'On: e-mail leaves by SMTP instead of SendGrid.'
  }
  {
    name: 'overbooking'
    enabled: false
    description: 'On: classes are sold beyond their cars, by the percentage that each is given.'
  }
]

resource store 'Microsoft.AppConfiguration/configurationStores@2024-06-01' = {
  name: name
  location: location
  tags: tags
  // Every worker asks every ten seconds: the free tier's 1,000 requests a day are gone in an hour.
  sku: { name: 'standard' }
  properties: {
    disableLocalAuth: true
    enablePurgeProtection: !isPublic
    softDeleteRetentionInDays: 7
    publicNetworkAccess: isPublic ? 'Enabled' : 'Disabled'
    // With local authentication off, flags are written with the deployer's own token.
    dataPlaneProxy: {
      authenticationMode: 'Pass-through'
      privateLinkDelegation: isPublic ? 'Disabled' : 'Enabled'
    }
  }
}

resource keyValues 'Microsoft.AppConfiguration/configurationStores/keyValues@2024-06-01' = [
  for flag in filter(flags, flag => contains(flagsToWrite, '*') || contains(flagsToWrite, flag.name)): {
    parent: store
    name: '.appconfig.featureflag~2F${flag.name}'
    properties: {
      contentType: 'application/vnd.microsoft.appconfig.ff+json;charset=utf-8'
      value: string({
        id: flag.name
        description: flag.description
        enabled: flag.enabled
        conditions: { client_filters: [] }
      })
    }
  }
]

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: store
  name: 'to-workspace'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'Audit', enabled: true }] // who switched what, when
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

output id string = store.id
output name string = store.name
output endpoint string = store.properties.endpoint
