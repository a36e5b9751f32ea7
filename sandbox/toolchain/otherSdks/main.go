// Writes the SDKs whose generators have modules of their own: otherSdks LANGUAGE SCHEMA FOLDER. They are apart from the
// others, which also build where these modules are not to be had.
package main

import (
	"net/http"
	"os"
	"path/filepath"

	"exchange-auth/toolchain/sdks/generate"

	csharp "github.com/pulumi/pulumi-dotnet/pulumi-language-dotnet/v3/codegen"
	"github.com/pulumi/pulumi-java/pkg/codegen/java"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

func main() {
	generate.Main(map[string]generate.Generator{
		"csharp": generateCSharp,
		"java": func(pkg *schema.Package) (map[string][]byte, error) {
			return java.GeneratePackage(generate.Tool, pkg, nil, nil, false, false)
		},
	})
}

// The generator downloads the logo of a package, which lies beside its schema here.
func generateCSharp(pkg *schema.Package) (map[string][]byte, error) {
	logo, err := filepath.Abs(filepath.Join(filepath.Dir(os.Args[2]), "logo.png"))
	if err != nil {
		return nil, err
	}
	http.DefaultTransport.(*http.Transport).RegisterProtocol("file", http.NewFileTransport(http.Dir("/")))
	pkg.LogoURL = "file://" + logo
	return csharp.GeneratePackage(generate.Tool, pkg, nil, nil)
}
