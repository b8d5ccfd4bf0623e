module deepidv

go 1.19
