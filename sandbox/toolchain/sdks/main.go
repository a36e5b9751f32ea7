// Writes the SDK that a language gets for a package, as Pulumi's language hosts do: sdks LANGUAGE SCHEMA FOLDER.
package main

import (
	"exchange-auth/toolchain/sdks/generate"

	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

func main() {
	generate.Main(map[string]generate.Generator{
		"go": func(pkg *schema.Package) (map[string][]byte, error) {
			return golang.GeneratePackage(generate.Tool, pkg, nil)
		},
		"nodejs": func(pkg *schema.Package) (map[string][]byte, error) {
			return nodejs.GeneratePackage(generate.Tool, pkg, nil, nil, true, nil)
		},
		"python": func(pkg *schema.Package) (map[string][]byte, error) {
			return python.GeneratePackage(generate.Tool, pkg, nil, nil)
		},
	})
}
