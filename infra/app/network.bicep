// The network of the private profile: three subnets, and a zone for every service that is reached
// by a private endpoint. Deployed only where `privateNetwork` is on; endpoints cost by the hour.
param location string
param tags object
param prefix string

var zoneNames = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  postgres: 'privatelink.postgres.database.azure.com'
  vault: 'privatelink.vaultcore.azure.net'
  configuration: 'privatelink.azconfig.io'
}

// Nothing from outside has business in here; calls within the network pass by the default rules.
resource closed 'Microsoft.Network/networkSecurityGroups@2024-07-01' = {
  name: '${prefix}-nsg'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'DenyInternetInbound'
        properties: {
          access: 'Deny'
          direction: 'Inbound'
          priority: 4000
          protocol: '*'
          sourceAddressPrefix: 'Internet'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' = {
  name: '${prefix}-vnet'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.20.0.0/16'] }
    subnets: [
      {
        // Flex Consumption takes an address for up to 40 instances and wants /27 at least; /24
        // leaves room for the largest cap.
        name: 'functions'
        properties: {
          addressPrefix: '10.20.0.0/24'
          networkSecurityGroup: { id: closed.id }
          delegations: [
            { name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: '10.20.1.0/24'
          networkSecurityGroup: { id: closed.id }
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
      {
        // Migrations reach a database that has no public address from here: a runner of the
        // pipeline's own (docs/operations/deploy.md).
        name: 'runners'
        properties: {
          addressPrefix: '10.20.2.0/27'
          networkSecurityGroup: { id: closed.id }
        }
      }
    ]
  }

  resource functions 'subnets' existing = { name: 'functions' }
  resource endpoints 'subnets' existing = { name: 'endpoints' }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zone in items(zoneNames): {
    name: zone.value
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zone, i) in items(zoneNames): {
    parent: zones[i]
    name: '${prefix}-link'
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
]

output functionsSubnetId string = network::functions.id
output endpointsSubnetId string = network::endpoints.id
output zoneIds object = {
  blob: resourceId('Microsoft.Network/privateDnsZones', zoneNames.blob)
  queue: resourceId('Microsoft.Network/privateDnsZones', zoneNames.queue)
  postgres: resourceId('Microsoft.Network/privateDnsZones', zoneNames.postgres)
  vault: resourceId('Microsoft.Network/privateDnsZones', zoneNames.vault)
  configuration: resourceId('Microsoft.Network/privateDnsZones', zoneNames.configuration)
}
