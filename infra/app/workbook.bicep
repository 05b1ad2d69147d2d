// The page that an SRE opens first; its text is infra/observability/workbook.json.
param location string
param tags object
param workspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'rentacar-workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'RentACar: service levels'
    category: 'workbook'
    sourceId: workspaceId
    version: 'Notebook/1.0'
    serializedData: loadTextContent('../observability/workbook.json')
  }
}
