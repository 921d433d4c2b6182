package syndication

import (
	"encoding/json"
	"fmt"
)

// The members of JSON Feed 1.1.
type (
	jsonChannel struct {
		Version     string     `json:"version"`
		Title       string     `json:"title"`
		Home        string     `json:"home_page_url"`
		Self        string     `json:"feed_url"`
		Description string     `json:"description"`
		Language    string     `json:"language"`
		Hubs        []jsonHub  `json:"hubs,omitempty"`
		Items       []jsonItem `json:"items"`
	}
	jsonItem struct {
		ID          string           `json:"id"`
		URL         string           `json:"url"`
		Title       string           `json:"title"`
		Content     string           `json:"content_text"`
		Published   string           `json:"date_published"`
		Modified    string           `json:"date_modified"`
		Authors     []jsonAuthor     `json:"authors,omitempty"`
		Tags        []string         `json:"tags,omitempty"`
		Language    string           `json:"language,omitempty"`
		Attachments []jsonAttachment `json:"attachments,omitempty"`
	}
	jsonHub struct {
		Type string `json:"type"`
		URL  string `json:"url"`
	}
	jsonAuthor struct {
		Name string `json:"name"`
	}
	jsonAttachment struct {
		URL  string `json:"url"`
		Type string `json:"mime_type"`
		Size int64  `json:"size_in_bytes,omitempty"`
	}
)

func jsonFeed(c channel) ([]byte, error) {
	f := jsonChannel{Version: "https://jsonfeed.org/version/1.1", Title: c.Title, Home: c.Page, Self: c.Self,
		Description: c.L.T("site.tagline"), Language: c.L.Tag, Items: []jsonItem{}}
	if c.Hub != "" {
		f.Hubs = []jsonHub{{"WebSub", c.Hub}}
	}
	for _, e := range c.Entries {
		item := jsonItem{ID: e.ID, URL: e.Page, Title: e.Title.Text, Content: e.Summary.Text, Published: rfc3339(e.Created), Modified: rfc3339(e.Updated), Language: e.Language}
		for _, name := range e.Authors {
			item.Authors = append(item.Authors, jsonAuthor{name})
		}
		for _, t := range e.Tags {
			item.Tags = append(item.Tags, t.Label)
		}
		for _, file := range e.Files {
			item.Attachments = append(item.Attachments, jsonAttachment(file))
		}
		f.Items = append(f.Items, item)
	}
	b, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("write a feed: %w", err)
	}
	return b, nil
}
