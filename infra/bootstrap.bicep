// Run once per environment by somebody who owns the subscription; afterwards the pipeline needs
// nobody's password and no owner (docs/operations/deploy.md). It makes the identity that the
// pipeline becomes, by a token of GitHub's that names this repository and environment.
targetScope = 'subscription'

param environmentName string
param location string
@description('owner/name on GitHub.')
param repository string

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: 'rentacar-${environmentName}-deploy-rg'
  location: location
}

module deployer 'app/deployer.bicep' = {
  scope: group
  params: { environmentName: environmentName, location: location, repository: repository }
}

var contributor = 'b24988ac-6180-42a0-ab88-20f7382dd24c'
var accessAdministrator = 'f58310d9-a9f6-439a-9e8d-f62e7b41a168'
// The only roles that it may give away: those of app/roles.bicep.
var grantable = join(
  [
    'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
    'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
    '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
    '4633458b-17de-408a-b874-0445c86b69e6'
    '5ae67dd6-50cb-40e7-96ff-dc2bfa4b606b'
    '3913510d-42f4-4e42-8a64-420c390055eb'
  ],
  ', '
)
var configurationDataOwner = '5ae67dd6-50cb-40e7-96ff-dc2bfa4b606b'
// Metadata only: names, not values.
var vaultReader = '21090545-7ca7-4776-b22c-e363652d74d2'

resource deploys 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, environmentName, contributor)
  properties: {
    principalId: deployer.outputs.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', contributor)
  }
}

resource grants 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, environmentName, accessAdministrator)
  properties: {
    principalId: deployer.outputs.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', accessAdministrator)
    conditionVersion: '2.0'
    condition: '((!(ActionMatches{\'Microsoft.Authorization/roleAssignments/write\'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${grantable}})) AND ((!(ActionMatches{\'Microsoft.Authorization/roleAssignments/delete\'})) OR (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${grantable}}))'
  }
}

// It writes flags that are new, and looks whether every secret is there.
resource flags 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, environmentName, configurationDataOwner)
  properties: {
    principalId: deployer.outputs.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', configurationDataOwner)
  }
}

resource secrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, environmentName, vaultReader)
  properties: {
    principalId: deployer.outputs.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', vaultReader)
  }
}

output AZURE_CLIENT_ID string = deployer.outputs.clientId
output DEPLOYER_OBJECT_ID string = deployer.outputs.principalId
output DEPLOYER_NAME string = deployer.outputs.name
