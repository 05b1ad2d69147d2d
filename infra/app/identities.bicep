// One identity for the host's own work, and one per database role: a function that is tricked into
// using another schema's connection is still refused, because PostgreSQL checks who asks.
param location string
param tags object
param prefix string

resource host 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${prefix}-host'
  location: location
  tags: tags
}

resource rent 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${prefix}-rent'
  location: location
  tags: tags
}

resource payment 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${prefix}-payment'
  location: location
  tags: tags
}

resource email 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${prefix}-email'
  location: location
  tags: tags
}

// Ids only: none of them opens anything.
output ids object = {
  hostId: host.id
  hostClientId: host.properties.clientId
  hostPrincipalId: host.properties.principalId
  rentId: rent.id
  rentClientId: rent.properties.clientId
  rentPrincipalId: rent.properties.principalId
  paymentId: payment.id
  paymentClientId: payment.properties.clientId
  paymentPrincipalId: payment.properties.principalId
  emailId: email.id
  emailClientId: email.properties.clientId
  emailPrincipalId: email.properties.principalId
}
