package provider

import "waymark/format"

// metadataFormat is a form in which records are given. A new one is a row of
// metadataFormats.
type metadataFormat struct {
	Prefix    string // metadataPrefix
	Schema    string // address of its XML schema
	Namespace string
	Marshal   func(format.Draft) ([]byte, error) // one record as one element, which declares its namespaces
}

// metadataFormats gives every form; oai_dc, which each provider must have, first.
func metadataFormats() []metadataFormat {
	return []metadataFormat{
		{"oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", "http://www.openarchives.org/OAI/2.0/oai_dc/", format.MarshalDublinCore},
		{"marcxml", "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd", "http://www.loc.gov/MARC21/slim", format.MarshalMARCXML},
		{"mods", "http://www.loc.gov/standards/mods/v3/mods-3-8.xsd", "http://www.loc.gov/mods/v3", format.MarshalMODS},
		{"qdc", "http://dublincore.org/schemas/xmls/qdc/2006/01/06/dcterms.xsd", "http://dspace.org/qualifieddc/", format.MarshalQualifiedDC},
		{"datacite", "https://schema.datacite.org/meta/kernel-4.6/metadata.xsd", "http://datacite.org/schema/kernel-4", format.MarshalDataCite},
	}
}

func formatOf(prefix string) (metadataFormat, error) {
	for _, f := range metadataFormats() {
		if f.Prefix == prefix {
			return f, nil
		}
	}
	return metadataFormat{}, faultf(cannotDisseminate, "records are not given in this form: see ListMetadataFormats")
}
